// SPDX-License-Identifier: MIT
#include "message/json_number.hpp"
#include <cloakroom/json.hpp>
#include <cloakroom/json_codec.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

namespace cloakroom {
namespace {

template <class Number>
bool read_number(std::string_view json, Number& value) noexcept {
    const char* const end = json.data() + json.size();
    Number read{};
    const auto [stop, error] = std::from_chars(json.data(), end, read);
    if (error != std::errc{} || stop != end) {
        return false;
    }
    value = read;
    return true;
}

template <class Integer>
bool read_integer(std::string_view json, Integer& value) noexcept {
    const json_number number = first_json_number(json);
    return number.is_integer && number.bytes == json.size() && read_number(json, value);
}

template <class Number>
void append_number(std::string& out, Number value) {
    std::array<char, 32> text{};  // the longest double takes 24
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    out.append(text.data(), end);
}

// What stands in a JSON string as it is. Bytes over 0x7F do too, but have to be checked for UTF-8.
constexpr bool is_plain(char character) noexcept {
    return character >= ' ' && character <= '~' && character != '"' && character != '\\';
}

}  // namespace

namespace json_text {

void append(std::string& out, bool value) {
    out += value ? "true" : "false";
}

void append(std::string& out, long long value) {
    append_number(out, value);
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
           read_number(json, value);
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
    return nlohmann::json::accept(text);
}

}  // namespace json_text

void json_codec<std::string>::encode(std::string& out, std::string_view value) {
    if (std::all_of(value.begin(), value.end(), is_plain)) {
        out += '"';
        out += value;
        out += '"';
        return;
    }
    // Bytes that are not UTF-8 become U+FFFD: JSON is UTF-8.
    out += nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace cloakroom
