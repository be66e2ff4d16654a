// SPDX-License-Identifier: MIT
#include "url.hpp"

#include "response_head.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <stdexcept>
#include <system_error>

namespace cloakroom::load {
namespace {

constexpr std::size_t limit_bytes = 8UL * 1024;

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
    throw std::invalid_argument("the URL " + std::string(text.substr(0, 200)) + " " + why);
}

bool is_visible(char character) noexcept {
    return character > ' ' && character <= '~';
}

// "name", "1.2.3.4" or "[::1]", taken off the front of the authority.
std::string take_host(std::string_view url_text, std::string_view& authority) {
    const bool is_ipv6 = authority.starts_with('[');
    const auto end = is_ipv6 ? authority.find(']') : authority.find(':');
    if (is_ipv6 && end == std::string_view::npos) {
        refuse(url_text, "lacks a ] after its IPv6 address");
    }
    const std::string_view host = is_ipv6 ? authority.substr(1, end - 1) : authority.substr(0, end);
    if (host.empty()) {
        refuse(url_text, "has no host: write http://HOST:PORT/PATH");
    }
    authority.remove_prefix(std::min(authority.size(), is_ipv6 ? end + 1 : host.size()));
    return std::string(host);
}

std::uint16_t parse_port(std::string_view url_text, std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0) {
        refuse(url_text, "has no port from 1 to 65535 after its host");
    }
    return port;
}

}  // namespace

url parse_url(std::string_view text) {
    constexpr std::string_view scheme = "http://";
    if (text.size() > limit_bytes) {
        refuse(text, "... is longer than 8 KiB");
    }
    if (!equals_ignoring_case(text.substr(0, scheme.size()), scheme)) {
        refuse(text, "does not begin with http://; nothing else is spoken here, no https either");
    }
    if (!std::all_of(text.begin(), text.end(), is_visible)) {
        refuse(text, "has a character that must be percent-encoded, such as a space");
    }
    std::string_view rest = text.substr(scheme.size());
    const auto authority_end = std::min(rest.find_first_of("/?#"), rest.size());
    std::string_view authority = rest.substr(0, authority_end);
    rest.remove_prefix(authority_end);
    if (authority.find('@') != std::string_view::npos) {
        refuse(text, "names a user; send --header 'Authorization: ...' instead");
    }
    url parts;
    parts.text = text;
    parts.authority = authority;
    parts.host = take_host(text, authority);
    if (!authority.empty()) {
        if (!authority.starts_with(':')) {
            refuse(text, "has something else than a port after its host");
        }
        parts.port = parse_port(text, authority.substr(1));
    }
    rest = rest.substr(0, rest.find('#'));
    parts.target = (rest.starts_with('/') ? "" : "/") + std::string(rest);
    return parts;
}

}  // namespace cloakroom::load
