// SPDX-License-Identifier: MIT
#include "message/json_string.hpp"

namespace cloakroom {
namespace {

void append_utf8(std::string& out, unsigned code_point) {
    const auto continuation = [&](unsigned shift) {
        out += static_cast<char>(0x80U | (code_point >> shift & 0x3FU));
    };
    if (code_point < 0x80) {
        out += static_cast<char>(code_point);
        return;
    }
    if (code_point < 0x800) {
        out += static_cast<char>(0xC0U | code_point >> 6U);
    } else if (code_point < 0x10000) {
        out += static_cast<char>(0xE0U | code_point >> 12U);
        continuation(6);
    } else {
        out += static_cast<char>(0xF0U | code_point >> 18U);
        continuation(12);
        continuation(6);
    }
    continuation(0);
}

}  // namespace

void unescape_json(std::string_view raw, std::string& into) {
    into.clear();
    while (true) {
        const std::size_t plain = raw.find('\\');
        into += raw.substr(0, plain);
        if (plain == std::string_view::npos) {
            return;
        }
        raw.remove_prefix(plain + 1);
        if (raw[0] != 'u') {
            into += json_escape(raw[0]);
            raw.remove_prefix(1);
            continue;
        }
        auto code_point = static_cast<unsigned>(utf16_unit(raw.data() + 1));
        raw.remove_prefix(5);
        if (is_high_surrogate(static_cast<int>(code_point))) {
            const auto low = static_cast<unsigned>(utf16_unit(raw.data() + 2));
            code_point = 0x10000U + ((code_point - 0xD800U) << 10U) + (low - 0xDC00U);
            raw.remove_prefix(6);
        }
        append_utf8(into, code_point);
    }
}

}  // namespace cloakroom
