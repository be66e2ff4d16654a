// SPDX-License-Identifier: MIT
#include "message/json_number.hpp"
#include <cloakroom/json.hpp>
#include <cloakroom/json_codec.hpp>
#include <cloakroom/text.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

namespace cloakroom {
namespace {

template <class Integer>
bool read_integer(std::string_view json, Integer& value) noexcept {
    const json_number number = first_json_number(json);
    return number.is_integer && number.bytes == json.size() && read_json_number(json, value);
}

template <class Number>
void append_number(std::string& out, Number value) {
    std::array<char, 32> text;  // the longest double takes 24
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    out.append(text.data(), end);
}

}  // namespace

namespace json_text {

void append(std::string& out, bool value) {
    out += value ? "true" : "false";
}

void append(std::string& out, long long value) {
    if (value >= 0 && value <= 9) {  // as so many are
        out += static_cast<char>('0' + value);
    } else {
        append_number(out, value);
    }
}

void append(std::string& out, unsigned long long value) {
    append_number(out, value);
}

void append(std::string& out, double value) {
    if (!std::isfinite(value)) {
        throw std::invalid_argument("a session cannot keep infinity or NaN: JSON has neither");
    }
    const std::size_t start = out.size();
    append_number(out, value);
    if (out.find_first_of(".e", start) == std::string::npos) {
        out += ".0";  // so that it is not read as an integer
    }
}

bool read(std::string_view json, bool& value) noexcept {
    if (json != "true" && json != "false") {
        return false;
    }
    value = json == "true";
    return true;
}

bool read(std::string_view json, long long& value) noexcept {
    return read_integer(json, value);
}

bool read(std::string_view json, unsigned long long& value) noexcept {
    return read_integer(json, value);
}

bool read(std::string_view json, double& value) noexcept {
    return !json.empty() && first_json_number(json).bytes == json.size() &&
           read_json_number(json, value);
}

bool read(std::string_view json, std::string& value) {
    if (json.size() < 2 || json.front() != '"' || json.back() != '"') {
        return false;
    }
    const std::string_view content = json.substr(1, json.size() - 2);
    if (content.find_first_of("\"\\") == std::string_view::npos) {
        value.assign(content);
        return true;
    }
    json_cursor cursor(json);
    return cursor.read(value) && cursor.at_end();
}

bool is_json(std::string_view text) {
    // nlohmann_json takes a NUL for the end.
    return text.find('\0') == std::string_view::npos && nlohmann::json::accept(text);
}

}  // namespace json_text

void json_codec<std::string>::encode(std::string& out, std::string_view value) {
    append_json_string(out, value);
}

}  // namespace cloakroom
