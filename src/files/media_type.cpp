// SPDX-License-Identifier: MIT
#include "files/media_type.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace cloakroom::files {
namespace {

struct known_extension {
    std::string_view extension;
    std::string_view media_type;
};

// Sorted. Text is UTF-8 unless a file says otherwise, as HTML can.
constexpr std::array table{
    known_extension{"7z", "application/x-7z-compressed"},
    known_extension{"aac", "audio/aac"},
    known_extension{"apng", "image/apng"},
    known_extension{"atom", "application/atom+xml"},
    known_extension{"avif", "image/avif"},
    known_extension{"bmp", "image/bmp"},
    known_extension{"css", "text/css; charset=utf-8"},
    known_extension{"csv", "text/csv; charset=utf-8"},
    known_extension{"eot", "application/vnd.ms-fontobject"},
    known_extension{"epub", "application/epub+zip"},
    known_extension{"flac", "audio/flac"},
    known_extension{"gif", "image/gif"},
    known_extension{"gz", "application/gzip"},
    known_extension{"htm", "text/html; charset=utf-8"},
    known_extension{"html", "text/html; charset=utf-8"},
    known_extension{"ico", "image/vnd.microsoft.icon"},
    known_extension{"ics", "text/calendar; charset=utf-8"},
    known_extension{"jpeg", "image/jpeg"},
    known_extension{"jpg", "image/jpeg"},
    known_extension{"js", "text/javascript; charset=utf-8"},
    known_extension{"json", "application/json"},
    known_extension{"jsonld", "application/ld+json"},
    known_extension{"m4a", "audio/mp4"},
    known_extension{"map", "application/json"},
    known_extension{"md", "text/markdown; charset=utf-8"},
    known_extension{"mjs", "text/javascript; charset=utf-8"},
    known_extension{"mp3", "audio/mpeg"},
    known_extension{"mp4", "video/mp4"},
    known_extension{"ogg", "audio/ogg"},
    known_extension{"opus", "audio/ogg"},
    known_extension{"otf", "font/otf"},
    known_extension{"pdf", "application/pdf"},
    known_extension{"png", "image/png"},
    known_extension{"rss", "application/rss+xml"},
    known_extension{"svg", "image/svg+xml"},
    known_extension{"tar", "application/x-tar"},
    known_extension{"ttf", "font/ttf"},
    known_extension{"txt", "text/plain; charset=utf-8"},
    known_extension{"vtt", "text/vtt; charset=utf-8"},
    known_extension{"wasm", "application/wasm"},
    known_extension{"wav", "audio/wav"},
    known_extension{"webm", "video/webm"},
    known_extension{"webmanifest", "application/manifest+json"},
    known_extension{"webp", "image/webp"},
    known_extension{"woff", "font/woff"},
    known_extension{"woff2", "font/woff2"},
    known_extension{"xhtml", "application/xhtml+xml"},
    known_extension{"xml", "application/xml"},
    known_extension{"zip", "application/zip"},
};

constexpr bool is_less(const known_extension& left, const known_extension& right) noexcept {
    return left.extension < right.extension;
}
static_assert(std::is_sorted(table.begin(), table.end(), is_less));

constexpr std::size_t longest_extension = 11;
constexpr std::string_view unknown = "application/octet-stream";

}  // namespace

std::string_view media_type_of(std::string_view path) noexcept {
    const std::string_view name = path.substr(path.rfind('/') + 1);
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || name.size() - dot - 1 > longest_extension) {
        return unknown;
    }
    std::array<char, longest_extension> lower{};
    const auto end = std::transform(
        name.begin() + static_cast<std::ptrdiff_t>(dot) + 1, name.end(), lower.begin(),
        [](char each) {
            return each >= 'A' && each <= 'Z' ? static_cast<char>(each | 0x20) : each;
        });
    const known_extension wanted{{lower.data(), static_cast<std::size_t>(end - lower.begin())}, {}};
    const auto found = std::lower_bound(table.begin(), table.end(), wanted, is_less);
    return found != table.end() && found->extension == wanted.extension ? found->media_type
                                                                        : unknown;
}

}  // namespace cloakroom::files
