// SPDX-License-Identifier: MIT
#include "http1/transfer_coding.hpp"

#include <cloakroom/text.hpp>

#include <cstddef>

namespace cloakroom::http1 {

// Without chunked at its end a request has no length that all agree on, whatever comes before: 400
// of section 6.3 goes before 501 of section 6.1.
transfer_coding judge_transfer_encoding(std::string_view value) noexcept {
    constexpr std::string_view chunked = "chunked";
    if (equals_ignoring_case(value, chunked)) {
        return transfer_coding::chunked;
    }
    for (;;) {
        const std::size_t comma = value.find(',');
        const std::string_view coding = trimmed(value.substr(0, comma));
        const bool is_last = comma == std::string_view::npos;
        if (!is_token(coding) || equals_ignoring_case(coding, chunked) != is_last) {
            return transfer_coding::malformed;
        }
        if (is_last) {
            return transfer_coding::unsupported;
        }
        value.remove_prefix(comma + 1);
    }
}

}  // namespace cloakroom::http1
