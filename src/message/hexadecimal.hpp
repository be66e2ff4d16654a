// SPDX-License-Identifier: MIT
// Hexadecimal digits, as percent-encoding uses them.
#pragma once

namespace cloakroom {

/// The digit's value; -1 for no hexadecimal digit.
[[nodiscard]] constexpr int hex_value(char digit) noexcept {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    const char lower = digit >= 'A' && digit <= 'F' ? static_cast<char>(digit + 32) : digit;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace cloakroom
