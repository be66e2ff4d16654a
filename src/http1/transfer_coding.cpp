// SPDX-License-Identifier: MIT
#include "http1/transfer_coding.hpp"

#include <cloakroom/text.hpp>

#include <algorithm>
#include <array>

namespace cloakroom::http1 {
namespace {

/// True for the compressions of RFC 9112 section 7.2.
bool is_compression(std::string_view coding) noexcept {
    constexpr std::array<std::string_view, 5> names{"gzip", "deflate", "compress", "x-gzip",
                                                    "x-compress"};
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view name) { return equals_ignoring_case(coding, name); });
}

}  // namespace

transfer_coding judge_transfer_encoding(std::string_view value) noexcept {
    constexpr std::string_view chunked = "chunked";
    if (equals_ignoring_case(value, chunked)) {
        return transfer_coding::chunked;
    }
    for (;;) {
        const std::size_t comma = value.find(',');
        const std::string_view coding = trimmed(value.substr(0, comma));
        const bool is_last = comma == std::string_view::npos;
        if (!is_compression(coding) && !(is_last && equals_ignoring_case(coding, chunked))) {
            return transfer_coding::malformed;
        }
        if (is_last) {
            return transfer_coding::unsupported;
        }
        value.remove_prefix(comma + 1);
    }
}

}  // namespace cloakroom::http1
