// SPDX-License-Identifier: MIT
#include "http1/host.hpp"

#include "message/character_set.hpp"
#include "message/hexadecimal.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace cloakroom::http1 {
namespace {

/// What stands in a reg-name as it is: unreserved and sub-delims of RFC 3986 section 2.
constexpr character_set name_characters = alphanumeric_and("-._~!$&'()*+,;=");

/// True for `*1( ":" *DIGIT )` up to 65535.
bool is_port(std::string_view text) noexcept {
    if (text.empty()) {
        return true;
    }
    if (text[0] != ':') {
        return false;
    }
    constexpr std::uint32_t greatest = 65'535;
    std::uint32_t port = 0;
    for (const char character : text.substr(1)) {
        const auto digit = static_cast<std::uint32_t>(static_cast<unsigned char>(character)) - '0';
        if (digit > 9) {
            return false;
        }
        port = port * 10 + digit;
        if (port > greatest) {
            return false;
        }
    }
    return true;
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

/// Where the reg-name that `text` begins with ends.
const char* end_of_name(std::string_view text) noexcept {
    const auto stands_as_it_is = [](char character) { return has(name_characters, character); };
    const char* const end = text.data() + text.size();
    const char* at = std::find_if_not(text.data(), end, stands_as_it_is);
    while (end - at > 2 && *at == '%' && hex_value(at[1]) >= 0 && hex_value(at[2]) >= 0) {
        at = std::find_if_not(at + 3, end, stands_as_it_is);
    }
    return at;
}

}  // namespace

bool is_host_and_port(std::string_view text) noexcept {
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        return close != std::string_view::npos && is_ipv6_address(text.substr(1, close - 1)) &&
               is_port(text.substr(close + 1));
    }
    const auto name_bytes = static_cast<std::size_t>(end_of_name(text) - text.data());
    return name_bytes != 0 && is_port(text.substr(name_bytes));
}

bool host_check::look_closer(std::string_view text) noexcept {
    if (!is_host_and_port(text)) {
        return false;
    }
    if (text.size() <= last_.size()) {
        std::copy(text.begin(), text.end(), last_.begin());
        size_ = text.size();
    }
    return true;
}

}  // namespace cloakroom::http1
