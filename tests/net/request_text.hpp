// SPDX-License-Identifier: MIT
// Requests as they are sent. Fields end in "\r\n" each.
#pragma once

#include <string>
#include <string_view>

namespace cloakroom::net {

inline std::string get(std::string_view target, std::string_view fields = {}) {
    std::string text = "GET ";
    return text.append(target).append(" HTTP/1.1\r\nHost: h\r\n").append(fields) + "\r\n";
}

inline std::string post(std::string_view target, std::string_view body,
                        std::string_view fields = {}) {
    std::string text = "POST ";
    text.append(target).append(" HTTP/1.1\r\nHost: h\r\n").append(fields);
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    return text.append(body);
}

/// With the field that the sample app's handlers read again at their end.
inline std::string with_body(std::string_view target, std::string_view body) {
    return post(target, body, "X-Mine: value\r\n");
}

}  // namespace cloakroom::net
