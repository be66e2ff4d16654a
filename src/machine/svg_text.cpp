// SPDX-License-Identifier: MIT
#include "machine/svg_text.hpp"

#include "machine/diagram_text.hpp"
#include <cloakroom/text.hpp>

#include <cmath>
#include <cstdint>

namespace cloakroom::diagrams {
namespace {

/// Appends with one digit after the point at most, whatever the locale.
void append_number(std::string& out, double number) {
    const auto tenths = static_cast<std::int64_t>(std::llround(number * 10));
    if (tenths < 0) {
        out += '-';
    }
    const std::int64_t size = tenths < 0 ? -tenths : tenths;
    out += std::to_string(size / 10);
    if (size % 10 != 0) {
        out += '.';
        out += static_cast<char>('0' + size % 10);
    }
}

}  // namespace

void append_point(std::string& out, point at) {
    append_number(out, at.x);
    out += ' ';
    append_number(out, at.y);
}

void append_attribute(std::string& out, std::string_view name, double number) {
    out += ' ';
    out += name;
    out += "=\"";
    append_number(out, number);
    out += '"';
}

void append_text(std::string& out, std::string_view text) {
    std::string shown;
    for (const char32_t character : characters_of(text)) {
        append_utf8(shown, character);
    }
    append_html_text(out, shown);
}

}  // namespace cloakroom::diagrams
