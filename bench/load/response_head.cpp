// SPDX-License-Identifier: MIT
#include "response_head.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace cloakroom::load {
namespace {

constexpr char lower(char character) noexcept {
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character + ('a' - 'A'))
                                                : character;
}

std::string_view trimmed(std::string_view text) noexcept {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

// Whether the comma-separated list has that element.
bool has_element(std::string_view list, std::string_view element) noexcept {
    for (;;) {
        const auto comma = list.find(',');
        if (equals_ignoring_case(trimmed(list.substr(0, comma)), element)) {
            return true;
        }
        if (comma == std::string_view::npos) {
            return false;
        }
        list.remove_prefix(comma + 1);
    }
}

void read_length(std::string_view value, response_head& head) {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), size);
    const bool is_number = error == std::errc{} && end == value.data() + value.size();
    if (!is_number || (head.body_bytes && *head.body_bytes != size)) {
        head.is_ambiguous = true;
    } else {
        head.body_bytes = size;
    }
}

void read_field(std::string_view line, response_head& head) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) {
        head.is_ambiguous = true;
        return;
    }
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (equals_ignoring_case(name, "Content-Length")) {
        read_length(value, head);
    } else if (equals_ignoring_case(name, "Transfer-Encoding")) {
        head.is_ambiguous =
            head.is_ambiguous || head.is_chunked || !equals_ignoring_case(value, "chunked");
        head.is_chunked = true;
    } else if (equals_ignoring_case(name, "Connection")) {
        head.closes =
            has_element(value, "close") || (head.closes && !has_element(value, "keep-alive"));
    } else if (equals_ignoring_case(name, "Set-Cookie")) {
        head.set_cookies.push_back(value);
    }
}

bool is_digit(char character) noexcept {
    return character >= '0' && character <= '9';
}

// "HTTP/1.1 200" and a space or the line's end.
void read_status_line(std::string_view line, response_head& head) {
    if (line.size() >= 12 && (line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ")) &&
        line[9] != '0' && std::all_of(line.begin() + 9, line.begin() + 12, is_digit) &&
        (line.size() == 12 || line[12] == ' ')) {
        std::from_chars(line.data() + 9, line.data() + 12, head.status);
        head.closes = line[7] == '0';
    }
}

}  // namespace

bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char one, char other) { return lower(one) == lower(other); });
}

std::optional<response_head> read_response_head(std::string_view bytes) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    response_head head;
    head.head_bytes = end + 4;
    const auto first_line = bytes.find("\r\n");
    read_status_line(bytes.substr(0, first_line), head);
    for (auto at = first_line + 2; at < end + 2;) {
        const auto next = bytes.find("\r\n", at);
        read_field(bytes.substr(at, next - at), head);
        at = next + 2;
    }
    head.is_ambiguous = head.is_ambiguous || (head.is_chunked && head.body_bytes.has_value());
    return head;
}

}  // namespace cloakroom::load
