// SPDX-License-Identifier: MIT
#include "request_text.hpp"

#include "response_head.hpp"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <stdexcept>

namespace cloakroom::load {
namespace {

bool is_name_character(char character) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";  // RFC 9110 section 5.6.2
    return std::isalnum(static_cast<unsigned char>(character)) != 0 ||
           others.find(character) != std::string_view::npos;
}

bool is_control(char character) {
    return character != '\t' && std::iscntrl(static_cast<unsigned char>(character)) != 0;
}

// @return The field's name.
std::string_view checked_name(const std::string& field) {
    const std::string_view name = std::string_view(field).substr(0, field.find(':'));
    if (name.size() == field.size() || name.empty() ||
        !std::all_of(name.begin(), name.end(), is_name_character) ||
        std::any_of(field.begin(), field.end(), is_control)) {
        throw std::invalid_argument("--header takes 'NAME: VALUE' on one line, not " + field);
    }
    for (const std::string_view ours : {"Content-Length", "Transfer-Encoding"}) {
        if (equals_ignoring_case(name, ours)) {
            throw std::invalid_argument("--header cannot set " + std::string(ours) +
                                        ": it follows from the content");
        }
    }
    return name;
}

bool has_field(const message& what, std::string_view name) {
    return std::any_of(what.fields.begin(), what.fields.end(), [name](const std::string& field) {
        return equals_ignoring_case(checked_name(field), name);
    });
}

}  // namespace

request_text::request_text(const url& where, const message& what)
    : head_((what.is_post ? "POST " : "GET ") + where.target + " HTTP/1.1\r\n"),
      content_(what.content) {
    if (!has_field(what, "Host")) {
        head_ += "Host: " + where.authority + "\r\n";
    }
    for (const std::string& field : what.fields) {
        head_ += field + "\r\n";
    }
    if (what.is_post) {
        if (!has_field(what, "Content-Type")) {
            head_ += "Content-Type: " + what.content_type + "\r\n";
        }
        head_ += "Content-Length: " + std::to_string(content_.size()) + "\r\n";
    }
}

std::string request_text::with(std::string_view cookies) const {
    std::string text = head_;
    if (!cookies.empty()) {
        text.append("Cookie: ").append(cookies).append("\r\n");
    }
    return text.append("\r\n").append(content_);
}

}  // namespace cloakroom::load
