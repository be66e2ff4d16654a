// SPDX-License-Identifier: MIT
// Cookies that come and cookies that are set.
// Property: a cookie that may be set is one field without controls, and comes back as it was set
// behind whatever else a client sends; and what is found in any field is a part of it, without
// blanks and semicolons.
// Input: lines with a name, a value, a path and a domain; the rest is a Cookie field.
#include "target.hpp"
#include <cloakroom/cookie.hpp>
#include <cloakroom/request.hpp>
#include <cloakroom/text.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cloakroom::fuzz {
namespace {

std::optional<std::string> found_in(std::string_view field, std::string_view name) {
    request::parts parts;
    parts.fields.push_back({"cookie", field});
    const request req{std::move(parts)};
    const std::optional<std::string_view> value = req.cookie(name);
    if (!value) {
        return std::nullopt;
    }
    require(field.find(*value) != std::string_view::npos, "a cookie's value is part of the field");
    require(value->find(';') == std::string_view::npos, "a cookie ends at its semicolon");
    return std::string{*value};
}

void check_set(const cookie& made, std::string_view others) {
    std::string line;
    try {
        line = to_string(made);
    } catch (const std::invalid_argument&) {
        return;
    }
    require(is_field_value(line), "a cookie that is set is a field value");
    const std::string pair = line.substr(0, line.find(';'));
    require_same(pair, made.name + "=" + made.value, "a cookie begins with its pair");
    std::size_t attributes = 0;
    for (const char character : line) {
        attributes += character == ';' ? 1U : 0U;
    }
    const std::size_t expected =
        3U + (made.path.empty() ? 0U : 1U) + (made.domain.empty() ? 0U : 1U);
    require(attributes == expected, "a cookie has no other attributes than its own");
    const std::string before = found_in(others, made.name).value_or(made.value);
    require_same(found_in(std::string(others) + "; " + pair, made.name).value_or("none"), before,
                 "a cookie comes back, and the first one counts");
    require_same(found_in(pair + "; " + std::string(others), made.name).value_or("none"),
                 made.value, "a cookie comes back as it was set");
}

}  // namespace

void check(std::string_view input) {
    cookie made;
    made.name = take_line(input);
    made.value = take_line(input);
    made.path = take_line(input);
    made.domain = take_line(input);
    check_set(made, input);
    static_cast<void>(found_in(input, made.name));
    static_cast<void>(found_in(input, "session"));
}

}  // namespace cloakroom::fuzz
