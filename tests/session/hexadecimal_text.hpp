// SPDX-License-Identifier: MIT
// Published test vectors are in hexadecimal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cloakroom {

inline std::string from_hexadecimal(std::string_view text) {
    std::string bytes;
    for (std::size_t at = 0; at < text.size(); at += 2) {
        bytes += static_cast<char>(std::stoi(std::string{text.substr(at, 2)}, nullptr, 16));
    }
    return bytes;
}

}  // namespace cloakroom
