// SPDX-License-Identifier: MIT
#include <cloakroom/cookie.hpp>
#include <cloakroom/text.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <stdexcept>
#include <string_view>

namespace cloakroom {
namespace {

/// What browsers keep of a name and its value. Source: RFC 6265bis section 5.7.
constexpr std::size_t max_pair_bytes = 4096;

/// Browsers ignore an attribute whose value is longer. Source: RFC 6265bis section 5.6.
constexpr std::size_t max_attribute_bytes = 1024;

[[noreturn]] void refuse(const cookie& value, std::string_view why) {
    std::string sentence = "cloakroom: cookie ";
    append_json_string(sentence, value.name);
    sentence += ": ";
    sentence += why;
    throw std::invalid_argument(sentence);
}

/// A cookie-octet of RFC 6265bis section 4.1.1.
bool is_value_character(char character) noexcept {
    return character > ' ' && character < 0x7F && character != '"' && character != ',' &&
           character != ';' && character != '\\';
}

/// A path-value's character of RFC 6265bis section 4.1.1.
bool is_path_character(char character) noexcept {
    return character >= ' ' && character < 0x7F && character != ';';
}

bool is_letter_or_digit(char character) noexcept {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9');
}

bool is_domain_character(char character) noexcept {
    return is_letter_or_digit(character) || character == '-' || character == '.';
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) noexcept {
    return equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

void check_pair(const cookie& value) {
    if (!is_token(value.name)) {
        refuse(value, "the name has to be a token");
    }
    if (!std::all_of(value.value.begin(), value.value.end(), is_value_character)) {
        refuse(value,
               "the value has a character beyond printable ASCII, or one of \" , ; \\ and space; "
               "encode it, for example with percent_encoded()");
    }
    if (value.name.size() + value.value.size() > max_pair_bytes) {
        refuse(value, "name and value are longer than 4096 bytes, and browsers would drop it");
    }
}

void check_scope(const cookie& value) {
    const std::string& path = value.path;
    const std::string& domain = value.domain;
    if (!path.empty() && (path.front() != '/' || path.size() > max_attribute_bytes ||
                          !std::all_of(path.begin(), path.end(), is_path_character))) {
        refuse(value,
               "the path has to begin with /, to be ASCII without ; and control characters, "
               "and to be no longer than 1024 bytes");
    }
    if (!domain.empty() &&
        (domain.size() > max_attribute_bytes || !is_letter_or_digit(domain.back()) ||
         !std::all_of(domain.begin(), domain.end(), is_domain_character))) {
        refuse(value, "the domain has to be a host name without a port");
    }
}

/// What browsers demand of names with a prefix, in any case. Source: RFC 6265bis section 4.1.3.
void check_promises(const cookie& value) {
    if (value.same_site == same_site::none && !value.secure) {
        refuse(value, "SameSite=None needs Secure");
    }
    if (starts_with_ignoring_case(value.name, "__Secure-") && !value.secure) {
        refuse(value, "the prefix __Secure- needs Secure");
    }
    if (starts_with_ignoring_case(value.name, "__Host-") &&
        (!value.secure || value.path != "/" || !value.domain.empty())) {
        refuse(value, "the prefix __Host- needs Secure, the path / and no domain");
    }
}

void append_max_age(std::string& line, std::chrono::seconds max_age) {
    std::array<char, 24> digits{};
    const auto [end, error] =
        std::to_chars(digits.data(), digits.data() + digits.size(), max_age.count());
    static_cast<void>(error);  // 24 characters hold any 64-bit number
    line += "; Max-Age=";
    line.append(digits.data(), end);
}

std::string_view same_site_attribute(same_site value) noexcept {
    switch (value) {
        case same_site::strict:
            return "; SameSite=Strict";
        case same_site::none:
            return "; SameSite=None";
        case same_site::lax:
            break;
    }
    return "; SameSite=Lax";
}

void append_attribute(std::string& line, std::string_view name, std::string_view value) {
    if (!value.empty()) {
        line += name;
        line += value;
    }
}

}  // namespace

std::string to_string(const cookie& value) {
    check_pair(value);
    check_scope(value);
    check_promises(value);
    std::string line;
    line.reserve(value.name.size() + value.value.size() + value.path.size() + value.domain.size() +
                 96);
    line += value.name;
    line += '=';
    line += value.value;
    if (value.max_age) {
        append_max_age(line, *value.max_age);
    }
    append_attribute(line, "; Path=", value.path);
    append_attribute(line, "; Domain=", value.domain);
    line += value.secure ? "; Secure" : "";
    line += value.http_only ? "; HttpOnly" : "";
    line += same_site_attribute(value.same_site);
    return line;
}

}  // namespace cloakroom
