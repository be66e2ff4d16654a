// SPDX-License-Identifier: MIT
#include "http1/host.hpp"

#include "message/character_set.hpp"
#include "message/hexadecimal.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace cloakroom::http1 {
namespace {

constexpr bool is_digit(char character) noexcept {
    return character >= '0' && character <= '9';
}

/// What stands in a reg-name as it is: unreserved and sub-delims of RFC 3986 section 2.
constexpr character_set name_characters = alphanumeric_and("-._~!$&'()*+,;=");

/// True for `*1( ":" *DIGIT )` up to 65535.
bool is_port(std::string_view text) noexcept {
    if (text.empty()) {
        return true;
    }
    constexpr std::size_t most_digits = 5;
    const std::size_t zeros = std::min(text.find_first_not_of('0', 1), text.size());
    if (text[0] != ':' || text.size() - zeros > most_digits) {
        return false;
    }
    unsigned port = 0;
    bool is_number = true;
    for (const char digit : text.substr(zeros)) {
        is_number &= is_digit(digit);
        port = port * 10 + static_cast<unsigned>(digit - '0');
    }
    return is_number && port <= 65'535;
}

bool is_ipv6_address(std::string_view text) noexcept {
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos) {
        return false;
    }
    std::copy(text.begin(), text.end(), terminated.begin());
    in6_addr address{};
    return inet_pton(AF_INET6, terminated.data(), &address) == 1;
}

/// The bytes of the reg-name that `text` begins with.
std::size_t name_bytes(std::string_view text) noexcept {
    std::size_t index = 0;
    while (index < text.size()) {
        if (has(name_characters, text[index])) {
            ++index;
        } else if (text[index] == '%' && text.size() - index > 2 &&
                   hex_value(text[index + 1]) >= 0 && hex_value(text[index + 2]) >= 0) {
            index += 3;
        } else {
            break;
        }
    }
    return index;
}

}  // namespace

bool is_host_and_port(std::string_view text) noexcept {
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        return close != std::string_view::npos && is_ipv6_address(text.substr(1, close - 1)) &&
               is_port(text.substr(close + 1));
    }
    const std::size_t name = name_bytes(text);
    return name != 0 && is_port(text.substr(name));
}

}  // namespace cloakroom::http1
