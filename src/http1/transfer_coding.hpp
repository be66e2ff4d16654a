// SPDX-License-Identifier: MIT
// What a Transfer-Encoding asks of the receiver: RFC 9112 sections 6.1 and 7.
#pragma once

#include <cstdint>
#include <string_view>

namespace cloakroom::http1 {

enum class transfer_coding : std::uint8_t {
    chunked,      ///< Exactly that.
    unsupported,  ///< Other codings, then chunked: where the message ends is known.
    malformed,    ///< Anything else: not safe to guess at.
};

/// Judges the value of a message's only Transfer-Encoding field.
[[nodiscard]] transfer_coding judge_transfer_encoding(std::string_view value) noexcept;

}  // namespace cloakroom::http1
