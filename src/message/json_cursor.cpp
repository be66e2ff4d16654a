// SPDX-License-Identifier: MIT
#include "message/character_set.hpp"
#include "message/json_number.hpp"
#include "message/json_string.hpp"
#include "message/utf8.hpp"
#include <cloakroom/json_cursor.hpp>

#include <type_traits>

namespace cloakroom {
namespace {

static_assert(max_json_depth <= 64, "json_cursor keeps a bit a level");

/// What stands in a string as it is, and needs no second look: ASCII but controls, the quote and
/// the backslash.
constexpr character_set plain_characters = [] {
    character_set set{};
    for (std::size_t byte = 0x20; byte < 0x80; ++byte) {
        set[byte] = byte != '"' && byte != '\\';
    }
    return set;
}();

}  // namespace

json_cursor::json_cursor(std::string_view text) noexcept
    : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {
    if (text.starts_with("\xEF\xBB\xBF")) {
        at_ += 3;
    }
}

bool json_cursor::fail(fault why) noexcept {
    if (!failed()) {
        fault_ = why;
    }
    return false;
}

void json_cursor::skip_space() noexcept {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) {
        ++at_;
    }
}

json_kind json_cursor::kind() noexcept {
    skip_space();
    if (at_ != end_ && !failed()) {
        switch (*at_) {
            case '{':
                return json_kind::object;
            case '[':
                return json_kind::array;
            case '"':
                return json_kind::string;
            case 't':
            case 'f':
                return json_kind::boolean;
            case 'n':
                return json_kind::null;
            default:
                if (*at_ == '-' || (*at_ >= '0' && *at_ <= '9')) {
                    return json_kind::number;
                }
        }
    }
    fail();
    return json_kind::none;
}

bool json_cursor::begin(bool is_object) noexcept {
    if (depth_ == max_json_depth) {
        return fail(fault::too_deep);
    }
    ++depth_;
    is_object_ = is_object_ << 1U | (is_object ? 1U : 0U);
    is_first_ = true;
    ++at_;
    return true;
}

bool json_cursor::begin_object() noexcept {
    return kind() == json_kind::object && begin(true);
}

bool json_cursor::begin_array() noexcept {
    return kind() == json_kind::array && begin(false);
}

// Steps over the comma to what comes next within a container, or behind its closing bracket.
bool json_cursor::next(char closing) noexcept {
    skip_space();
    if (failed() || at_ == end_ || depth_ == 0) {
        return fail();
    }
    if (*at_ == closing) {
        ++at_;
        --depth_;
        is_object_ >>= 1U;
        is_first_ = false;
        return false;
    }
    if (is_first_) {
        is_first_ = false;
        return true;
    }
    if (*at_ != ',') {
        return fail();
    }
    ++at_;
    return true;
}

bool json_cursor::next_element() noexcept {
    return next(']');
}

bool json_cursor::next_name(raw_string& name) noexcept {
    if (!next('}')) {
        return false;
    }
    if (kind() != json_kind::string || !scan_string(name)) {
        return fail();
    }
    skip_space();
    if (at_ == end_ || *at_ != ':') {
        return fail();
    }
    ++at_;
    return true;
}

bool json_cursor::next_member(std::string_view& name) {
    raw_string raw;
    if (!next_name(raw)) {
        return false;
    }
    name = raw.text;
    if (raw.has_escapes) {
        unescape_json(raw.text, name_);
        name = name_;
    }
    return true;
}

// The escape behind a backslash. Surrogates come in pairs.
bool json_cursor::scan_escape() noexcept {
    if (at_ == end_) {
        return fail();
    }
    if (*at_ != 'u') {
        return json_escape(*at_++) != 0 || fail();
    }
    const int unit = end_ - at_ < 5 ? -1 : utf16_unit(at_ + 1);
    if (unit < 0 || is_low_surrogate(unit)) {
        return fail();
    }
    at_ += 5;
    if (!is_high_surrogate(unit)) {
        return true;
    }
    if (end_ - at_ < 6 || at_[0] != '\\' || at_[1] != 'u' ||
        !is_low_surrogate(utf16_unit(at_ + 2))) {
        return fail();
    }
    at_ += 6;
    return true;
}

// REQUIRES: a quote is next.
bool json_cursor::scan_string(raw_string& into) noexcept {
    const char* const first = ++at_;
    while (true) {
        while (at_ != end_ && has(plain_characters, *at_)) {
            ++at_;
        }
        if (at_ == end_ || static_cast<unsigned char>(*at_) < 0x20) {
            return fail();
        }
        if (*at_ == '"') {
            into.text = {first, static_cast<std::size_t>(at_ - first)};
            ++at_;
            return true;
        }
        if (*at_ == '\\') {
            ++at_;
            into.has_escapes = true;
            if (!scan_escape()) {
                return false;
            }
            continue;
        }
        const utf8_piece piece = first_utf8_piece({at_, static_cast<std::size_t>(end_ - at_)});
        if (!piece.is_valid) {
            return fail();
        }
        at_ += piece.bytes;
    }
}

bool json_cursor::skip_literal(std::string_view literal) noexcept {
    if (!std::string_view{at_, static_cast<std::size_t>(end_ - at_)}.starts_with(literal)) {
        return fail();
    }
    at_ += literal.size();
    return true;
}

bool json_cursor::read(bool& value) noexcept {
    if (kind() != json_kind::boolean) {
        return false;
    }
    const bool is_true = *at_ == 't';
    if (!skip_literal(is_true ? "true" : "false")) {
        return false;
    }
    value = is_true;
    return true;
}

bool json_cursor::read_null() noexcept {
    return kind() == json_kind::null && skip_literal("null");
}

template <class Number>
bool json_cursor::read_number(Number& value) noexcept {
    if (kind() != json_kind::number) {
        return false;
    }
    std::string_view text{at_, static_cast<std::size_t>(end_ - at_)};
    const json_number number = first_json_number(text);
    if (number.bytes == 0) {
        return fail();
    }
    text = text.substr(0, number.bytes);
    if (std::is_unsigned_v<Number> && text == "-0") {
        text.remove_prefix(1);
    }
    if ((std::is_integral_v<Number> && !number.is_integer) || !read_json_number(text, value)) {
        return false;
    }
    at_ += number.bytes;
    return true;
}

bool json_cursor::read(long long& value) noexcept {
    return read_number(value);
}

bool json_cursor::read(unsigned long long& value) noexcept {
    return read_number(value);
}

bool json_cursor::read(double& value) noexcept {
    return read_number(value);
}

bool json_cursor::read(std::string& value) {
    raw_string raw;
    if (kind() != json_kind::string || !scan_string(raw)) {
        return false;
    }
    if (raw.has_escapes) {
        unescape_json(raw.text, value);
    } else {
        value.assign(raw.text);
    }
    return true;
}

// Steps behind a value, or into it when it is an array or an object.
bool json_cursor::skip_or_begin() noexcept {
    switch (kind()) {
        case json_kind::object:
            return begin(true);
        case json_kind::array:
            return begin(false);
        case json_kind::string: {
            raw_string ignored;
            return scan_string(ignored);
        }
        case json_kind::number: {
            const json_number number =
                first_json_number({at_, static_cast<std::size_t>(end_ - at_)});
            at_ += number.bytes;
            return number.bytes != 0 || fail();
        }
        case json_kind::boolean:
            return skip_literal(*at_ == 't' ? "true" : "false");
        case json_kind::null:
            return skip_literal("null");
        case json_kind::none:
            break;
    }
    return false;
}

bool json_cursor::next_in_container() noexcept {
    raw_string ignored;
    return (is_object_ & 1U) != 0 ? next_name(ignored) : next_element();
}

bool json_cursor::skip_value() noexcept {
    const std::size_t depth = depth_;
    while (skip_or_begin()) {
        while (depth_ != depth && !next_in_container()) {
            if (failed()) {
                return false;
            }
        }
        if (depth_ == depth) {
            return true;
        }
    }
    return false;
}

std::string_view json_cursor::take_value() noexcept {
    skip_space();
    const char* const first = at_;
    return skip_value() ? std::string_view{first, static_cast<std::size_t>(at_ - first)}
                        : std::string_view{};
}

bool json_cursor::at_end() noexcept {
    skip_space();
    return at_ == end_ && depth_ == 0 && !failed();
}

}  // namespace cloakroom
