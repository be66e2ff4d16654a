// SPDX-License-Identifier: MIT
// Cuts what a server has sent into responses, and aborts where one is not well-formed. Stricter
// than a client would be. It takes no content for one that begins as a response does.
#pragma once

#include "target.hpp"
#include <cloakroom/text.hpp>

#include <charconv>
#include <cstddef>
#include <string_view>
#include <vector>

namespace cloakroom::fuzz {

inline std::size_t number_in(std::string_view digits) {
    std::size_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number);
    require(error == std::errc{} && stop == end, "a number of a response is decimal");
    return number;
}

/// Takes one line off `rest`, without its CRLF.
inline std::string_view take_head_line(std::string_view& rest) {
    const std::size_t end = rest.find("\r\n");
    require(end != std::string_view::npos, "each line of a response's head has its CRLF");
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    require(is_field_value(line), "a response's head has no controls");
    return line;
}

/// Takes the fields and the blank line off `rest`. @return The content's length.
inline std::size_t take_fields(std::string_view& rest) {
    std::size_t lengths = 0;
    std::size_t length = 0;
    for (std::string_view line = take_head_line(rest); !line.empty(); line = take_head_line(rest)) {
        const std::size_t colon = line.find(": ");
        require(colon != std::string_view::npos && is_token(line.substr(0, colon)),
                "a field of a response has a name");
        const std::string_view value = line.substr(colon + 2);
        require(trimmed(value) == value, "a field's value has no blanks around it");
        require(!equals_ignoring_case(line.substr(0, colon), "Transfer-Encoding"),
                "no response is chunked");
        if (equals_ignoring_case(line.substr(0, colon), "Content-Length")) {
            length = number_in(value);
            ++lengths;
        }
    }
    require(lengths <= 1, "a response has one length");
    return length;
}

/// The responses in `bytes`, each whole.
inline std::vector<std::string_view> responses_in(std::string_view bytes) {
    std::vector<std::string_view> all;
    while (!bytes.empty()) {
        std::string_view rest = bytes;
        const std::string_view line = take_head_line(rest);
        require(line.starts_with("HTTP/1.1 ") && line.size() > 13 && line[12] == ' ',
                "a response begins with its status line");
        const std::size_t status = number_in(line.substr(9, 3));
        require(status >= 100 && status < 600, "a status is one");
        const std::size_t length = take_fields(rest);
        if (!rest.empty() && !rest.starts_with("HTTP/1.1 ")) {  // else it is an answer to HEAD
            require(length <= rest.size(), "a response's content is all there");
            rest.remove_prefix(length);
        }
        all.push_back(bytes.substr(0, bytes.size() - rest.size()));
        bytes = rest;
    }
    return all;
}

}  // namespace cloakroom::fuzz
