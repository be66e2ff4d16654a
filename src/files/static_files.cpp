// SPDX-License-Identifier: MIT
// router::files(): from a path to a response.
#include "files/byte_range.hpp"
#include "files/directory.hpp"
#include "files/media_type.hpp"
#include "files/preconditions.hpp"
#include "message/http_date.hpp"
#include "message/own_fields.hpp"
#include <cloakroom/http_error.hpp>
#include <cloakroom/router.hpp>
#include <cloakroom/setup_error.hpp>
#include <cloakroom/text.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom {
namespace {

using files::found_file;

struct mounted_files {
    mounted_files(const std::string& path, file_options given, std::size_t slashes)
        : root(path),
          options(std::move(given)),
          cache_line(options.cache_control.empty()
                         ? ""
                         : "Cache-Control: " + options.cache_control + "\r\n"),
          slashes_before(slashes) {}

    files::directory root;
    file_options options;
    std::string cache_line;      ///< A whole field line, or none.
    std::size_t slashes_before;  ///< Of the request's path: where the file's begins.
};

// So long after a change another one would show in the times of the file: they move in steps of
// some milliseconds, on some file systems of 2 s.
constexpr std::chrono::seconds settling_time{2};

/// The validators of a file, as texts.
struct file_version {
    file_version(const found_file& found, std::chrono::sys_seconds now)
        : modified(std::clamp(std::chrono::floor<std::chrono::seconds>(found.modified),
                              std::chrono::sys_seconds{}, std::max(now, {}))),
          is_strong(found.changed + settling_time <= now) {
        constexpr std::string_view digits = "0123456789abcdef";
        std::uint64_t left = digest_of(found);
        tag_.fill('"');
        for (std::size_t index = 1; index + 1 < tag_.size(); ++index) {
            tag_[index] = digits[left & 0xFU];
            left >>= 4U;
        }
        write_http_date(modified, date_);
    }

    [[nodiscard]] files::validators validators() const noexcept {
        return {tag_text(), is_strong, modified};
    }
    [[nodiscard]] std::string_view tag_text() const noexcept { return {tag_.data(), tag_.size()}; }
    [[nodiscard]] std::string_view tag_mark() const noexcept { return is_strong ? "" : "W/"; }
    [[nodiscard]] std::string_view date_text() const noexcept { return {date_, sizeof date_}; }

    std::chrono::sys_seconds modified;
    bool is_strong;

private:
    // Not the numbers themselves: an inode's is nobody's business.
    static std::uint64_t digest_of(const found_file& found) noexcept {
        std::uint64_t state = 0;
        for (const std::uint64_t each :
             {static_cast<std::uint64_t>(found.file.size()), found.inode,
              static_cast<std::uint64_t>(found.modified.time_since_epoch().count()),
              static_cast<std::uint64_t>(found.changed.time_since_epoch().count())}) {
            state = (state ^ each) * 0x9E37'79B9'7F4A'7C15U;
            state = (state ^ (state >> 32U)) * 0xD6E8'FEB8'6659'FD93U;
            state ^= state >> 32U;
        }
        return state;
    }

    std::array<char, 18> tag_{};
    char date_[29]{};
};

bool is_plain_name(std::string_view name) noexcept {
    return !name.starts_with('.') && std::none_of(name.begin(), name.end(), [](char each) {
        return each == '/' || each == '\\' || static_cast<unsigned char>(each) < 0x20;
    });
}

// What is behind so many slashes and one more; the whole path begins with one.
std::string_view tail_of(std::string_view path, std::size_t slashes) noexcept {
    std::size_t begin = 1;
    for (; slashes != 0; --slashes) {
        begin = path.find('/', begin) + 1;
    }
    return path.substr(begin);
}

// Appends one segment, in which request::path() leaves "%2F" and "%25". Returns whether it may name
// a file: not "..", nor anything hidden, nor what another system might take for a slash.
bool append_segment(std::string& path, std::string_view segment) {
    const std::size_t begin = path.size();
    while (!segment.empty()) {
        if (segment.starts_with("%2F")) {
            return false;
        }
        path += segment.front();
        segment.remove_prefix(segment.starts_with("%25") ? 3 : 1);
    }
    return path.size() != begin && is_plain_name(std::string_view{path}.substr(begin));
}

// The file's path in the directory: empty or with a slash at its end for a directory. Nothing for
// what is none.
std::optional<std::string> relative_path(std::string_view tail) {
    std::string path;
    path.reserve(tail.size());
    while (!tail.empty()) {
        const std::size_t slash = tail.find('/');
        if (!append_segment(path, tail.substr(0, slash))) {
            return std::nullopt;
        }
        if (slash == std::string_view::npos) {
            break;
        }
        path += '/';
        tail.remove_prefix(slash + 1);
    }
    return path;
}

// To the same path with a slash at its end, so that relative links in the page are right.
void redirect_to_directory(exchange& on) {
    const request& req = on.request();
    std::string location;
    for (const char& each : req.path()) {  // its escapes are escapes in the location, too
        location += each == '/' || each == '%' ? std::string(1, each) : percent_encoded({&each, 1});
    }
    location += '/';
    if (!req.query().empty()) {
        location += '?';
        location += req.query();
    }
    on.response() = redirect(location, status::temporary_redirect);
}

void answer_range_not_satisfiable(exchange& on, std::size_t size) {
    on.answer({status::range_not_satisfiable,
               "The file has " + std::to_string(size) + " bytes.",
               {},
               {{"Content-Range", "bytes */" + std::to_string(size)}}});
}

files::byte_range range_of(const request& req, files::verdict judged, std::size_t size) noexcept {
    if (judged != files::verdict::send || req.method() != method::get) {
        return {};
    }
    const std::optional<std::string_view> field = req.header("Range");
    return field ? files::read_byte_range(*field, size) : files::byte_range{};
}

void send(exchange& on, const mounted_files& from, const std::string& path, found_file found) {
    const std::chrono::sys_seconds now = on.now();
    const file_version version(found, now);
    const files::verdict judged = files::judge(on.request(), version.validators(), now);
    response& made = on.response();
    if (judged == files::verdict::failed) {
        return on.answer({status::precondition_failed, "The file is another one now.", {}, {}});
    }
    if (judged == files::verdict::not_modified) {
        made.status(status::not_modified);
        own_fields(made).append({"ETag: ", version.tag_mark(), version.tag_text(), "\r\n",
                                 std::string_view{from.cache_line}});
        return;
    }
    const std::size_t size = found.file.size();
    const files::byte_range range = range_of(on.request(), judged, size);
    if (range.what == files::byte_range::kind::unsatisfiable) {
        return answer_range_not_satisfiable(on, size);
    }
    own_fields(made).append(
        {"Content-Type: ", files::media_type_of(path),
         "\r\nX-Content-Type-Options: nosniff\r\nAccept-Ranges: bytes\r\nETag: ",
         version.tag_mark(), version.tag_text(), "\r\nLast-Modified: ", version.date_text(), "\r\n",
         std::string_view{from.cache_line}});
    if (range.what == files::byte_range::kind::whole) {
        made.body(std::move(found.file));
        return;
    }
    made.status(status::partial_content)
        .set("Content-Range", "bytes " + std::to_string(range.first) + "-" +
                                  std::to_string(range.first + range.bytes - 1) + "/" +
                                  std::to_string(size))
        .body(found.file.part(range.first, range.bytes));
}

// The endpoints. Their target is a mounted_files.

void serve(const void* target, exchange& on) {
    const auto& from = *static_cast<const mounted_files*>(target);
    std::optional<std::string> path =
        relative_path(tail_of(on.request().path(), from.slashes_before));
    const bool is_directory = path && (path->empty() || path->ends_with('/'));
    if (!path || (is_directory && from.options.index.empty())) {
        return on.answer({status::not_found, {}, {}, {}});
    }
    if (is_directory) {
        *path += from.options.index;
    }
    found_file found = from.root.open(*path);
    switch (found.what) {
        case found_file::kind::file:
            return send(on, from, *path, std::move(found));
        case found_file::kind::directory:
            if (!is_directory && !from.options.index.empty()) {
                return redirect_to_directory(on);
            }
            [[fallthrough]];
        case found_file::kind::absent:
            return on.answer({status::not_found, {}, {}, {}});
        case found_file::kind::exhausted:
            throw http_error(problem{status::service_unavailable,
                                     "Too many files are open. Try again.",
                                     {},
                                     {{"Retry-After", "1"}}});
    }
}

void redirect_to_root(const void* /*target*/, exchange& on) {
    redirect_to_directory(on);
}

void check(const file_options& options) {
    if (!is_field_value(options.cache_control)) {
        throw setup_error("file_options::cache_control has a control character");
    }
    if (!is_plain_name(options.index)) {
        throw setup_error("file_options::index is \"" + options.index +
                          "\": give the name of a file that does not begin with a dot, without a "
                          "slash");
    }
}

}  // namespace

void router::files(std::string_view prefix, const std::string& directory, file_options options) {
    check(options);
    while (prefix.ends_with('/')) {
        prefix.remove_suffix(1);
    }
    const std::string base{prefix};
    const std::string whole =
        prefix_.ends_with('/') ? prefix_.substr(0, prefix_.size() - 1) + base : prefix_ + base;
    const std::size_t placeholders = count_placeholders(whole);
    const auto slashes = static_cast<std::size_t>(std::count(whole.begin(), whole.end(), '/'));
    const bool has_index = !options.index.empty();
    const auto target =
        std::make_shared<const mounted_files>(directory, std::move(options), slashes);
    add_route(method::get, base + "/{path...}", placeholders + 1,
              endpoint(&serve, target, {}, false));
    if (has_index && !whole.empty()) {
        add_route(method::get, base.empty() ? "/" : base, placeholders,
                  endpoint(&redirect_to_root, nullptr, {}, false));
    }
}

}  // namespace cloakroom
