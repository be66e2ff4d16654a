// SPDX-License-Identifier: MIT
// What the measuring programs share of HTTP: the requests that they send, and the framing of the
// responses. Not an HTTP client.
#pragma once

#include <strings.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace cloakroom::bench {

/// What a client must know of a response to find its end and to judge it.
struct response_head {
    int status = 0;
    std::size_t head_bytes = 0;                 // with the blank line
    std::optional<std::size_t> body_bytes;      // empty: no valid Content-Length
    bool closes = false;                        // the server will close the connection after it
    std::vector<std::string_view> set_cookies;  // the values of Set-Cookie, within the parsed bytes
};

inline bool equals_ignoring_case(std::string_view left, std::string_view right) {
    return left.size() == right.size() &&
           ::strncasecmp(left.data(), right.data(), left.size()) == 0;
}

inline void read_field(std::string_view line, response_head& head) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) {
        return;
    }
    const std::string_view name = line.substr(0, colon);
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    if (equals_ignoring_case(name, "Content-Length")) {
        std::size_t size = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), size);
        if (error == std::errc{} && end == value.data() + value.size()) {
            head.body_bytes = size;
        }
    } else if (equals_ignoring_case(name, "Connection")) {
        head.closes = equals_ignoring_case(value, "close") ||
                      (head.closes && !equals_ignoring_case(value, "keep-alive"));
    } else if (equals_ignoring_case(name, "Set-Cookie")) {
        head.set_cookies.push_back(value);
    }
}

/// @return Empty while the blank line is missing. A head that is no HTTP/1 has status 0.
inline std::optional<response_head> read_response_head(std::string_view bytes) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    response_head head;
    head.head_bytes = end + 4;
    if (bytes.starts_with("HTTP/1.") && end >= 12) {
        std::from_chars(bytes.data() + 9, bytes.data() + 12, head.status);
        head.closes = bytes[7] == '0';
    }
    for (auto at = bytes.find("\r\n") + 2; at < end + 2;) {
        const auto next = bytes.find("\r\n", at);
        read_field(bytes.substr(at, next - at), head);
        at = next + 2;
    }
    return head;
}

/// @param content  JSON to be posted; empty: a GET.
inline std::string request_for(std::string_view path, std::uint16_t port,
                               std::string_view cookies = {}, std::string_view content = {}) {
    std::string request = (content.empty() ? "GET " : "POST ") + std::string(path) +
                          " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n";
    if (!cookies.empty()) {
        request += "Cookie: " + std::string(cookies) + "\r\n";
    }
    if (!content.empty()) {
        request +=
            "Content-Type: application/json\r\nContent-Length: " + std::to_string(content.size()) +
            "\r\n";
    }
    return request + "\r\n" + std::string(content);
}

}  // namespace cloakroom::bench
