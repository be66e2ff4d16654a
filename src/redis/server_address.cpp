// SPDX-License-Identifier: MIT
#include "redis/server_address.hpp"

#include <cloakroom/setup_error.hpp>

#include <charconv>
#include <cstddef>
#include <optional>
#include <system_error>

namespace cloakroom::redis {
namespace {

constexpr std::uint16_t sentinel_port = 26379;

[[noreturn]] void refuse(const std::string& why) {
    throw setup_error("the URL of Redis " + why);
}

template <class Number>
bool parse_number(std::string_view text, Number& into) {
    const char* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, into);
    return error == std::errc{} && at == end && !text.empty();
}

bool parse_port(std::string_view text, std::uint16_t& into) {
    return parse_number(text, into) && into != 0;
}

std::optional<unsigned> hex_digit(char digit) {
    unsigned value = 0;
    return parse_number(std::string_view{&digit, 1}, value) ? std::optional{value}
           : digit >= 'a' && digit <= 'f' ? std::optional{static_cast<unsigned>(digit - 'a') + 10}
           : digit >= 'A' && digit <= 'F' ? std::optional{static_cast<unsigned>(digit - 'A') + 10}
                                          : std::nullopt;
}

std::string decode_percent(std::string_view text) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            decoded += text[at];
            continue;
        }
        const std::optional<unsigned> high =
            at + 2 < text.size() ? hex_digit(text[at + 1]) : std::nullopt;
        const std::optional<unsigned> low = high ? hex_digit(text[at + 2]) : std::nullopt;
        if (!low) {
            refuse("has a \"%\" without two hexadecimal digits behind it");
        }
        decoded += static_cast<char>(*high * 16 + *low);
        at += 2;
    }
    return decoded;
}

// Takes what is before the separator off `rest`; all of it where there is none.
std::string_view take_until(std::string_view& rest, char separator) {
    const std::size_t end = rest.find(separator);
    const std::string_view taken = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    return taken;
}

void take_scheme(std::string_view& rest, server_url& into, bool& is_path, bool& is_sentinel) {
    const std::size_t end = rest.find("://");
    const std::string_view scheme =
        end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
    is_path = scheme == "unix";
    is_sentinel = scheme.ends_with("+sentinel");
    into.uses_tls = scheme.starts_with("rediss");
    if (!is_path && scheme != "redis" && scheme != "rediss" && scheme != "redis+sentinel" &&
        scheme != "rediss+sentinel") {
        refuse("begins with redis://, rediss://, unix://, redis+sentinel:// or rediss+sentinel://");
    }
    rest.remove_prefix(end + 3);
}

void take_credentials(std::string_view& rest, server_url& into) {
    const std::size_t end = rest.substr(0, rest.find('/')).rfind('@');
    if (end == std::string_view::npos) {
        return;
    }
    std::string_view both = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    into.user = decode_percent(take_until(both, ':'));
    into.password = decode_percent(both);
    if (into.password.empty()) {
        refuse("names a user without a password: write user:password@, or :password@");
    }
}

// One of a list. In a URL an IPv6 address stands in brackets: which colon would be the port's?
bool take_server(std::string_view text, server_address& into) {
    const std::size_t host_end = text.starts_with('[') ? text.find(']') + 1 : text.find(':');
    std::string_view host = text.substr(0, host_end);
    const std::string_view port = text.substr(host.size());
    if (host.starts_with('[')) {
        host = host.substr(1, host.size() - 2);
    }
    into.host = host;
    return !host.empty() && host.find_first_of("[]") == std::string_view::npos &&
           (port.empty() || (port.front() == ':' && parse_port(port.substr(1), into.port)));
}

void take_servers(std::string_view list, std::uint16_t usual_port, server_url& into) {
    while (!list.empty()) {
        const std::string_view each = take_until(list, ',');
        server_address address{.port = usual_port};
        if (!take_server(each, address)) {
            refuse("names a server that is none: write host:port, or [address]:port for IPv6");
        }
        into.servers.push_back(address);
    }
    if (into.servers.empty()) {
        refuse("names no server: write redis://127.0.0.1:6379");
    }
}

void take_database(std::string_view text, server_url& into) {
    if (!text.empty() && !parse_number(text, into.database)) {
        refuse("names a database that is no number");
    }
}

void take_parameters(std::string_view query, server_url& into) {
    while (!query.empty()) {
        std::string_view value = take_until(query, '&');
        const std::string_view name = take_until(value, '=');
        if (name == "database" || name == "db") {
            take_database(value, into);
        } else if (name == "prefix") {
            into.prefix = decode_percent(value);
        } else if (name == "ca_file") {
            into.ca_file = decode_percent(value);
        } else {
            // Its name is not repeated: it may be half of a password.
            refuse(
                "has an unknown parameter; known are database, prefix and ca_file (a \"?\" in a "
                "password is written %3F)");
        }
    }
}

}  // namespace

std::string server_address::text() const {
    if (!path.empty()) {
        return path;
    }
    const bool is_ipv6 = host.find(':') != std::string::npos;
    return (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool parse_address(std::string_view text, server_address& into) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0 ||
        !parse_port(text.substr(colon + 1), into.port)) {
        return false;
    }
    std::string_view host = text.substr(0, colon);
    if (host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    into.host = host;
    into.path.clear();
    return !host.empty();
}

server_url server_url::parse(std::string_view url) {
    server_url result;
    bool is_path = false;
    bool is_sentinel = false;
    std::string_view parameters = url;
    std::string_view rest = take_until(parameters, '?');
    take_scheme(rest, result, is_path, is_sentinel);
    take_credentials(rest, result);
    if (is_path) {
        if (rest.size() < 2 || rest.front() != '/') {
            refuse("has no path of a socket: write unix:///run/redis/redis.sock");
        }
        result.servers.push_back({.path = decode_percent(rest)});
    } else {
        take_servers(take_until(rest, '/'), is_sentinel ? sentinel_port : 6379, result);
        if (is_sentinel) {
            result.master = decode_percent(take_until(rest, '/'));
            if (result.master.empty()) {
                refuse("names no master: write redis+sentinel://host:26379/mymaster");
            }
        }
        take_database(rest, result);
    }
    take_parameters(parameters, result);
    return result;
}

}  // namespace cloakroom::redis
