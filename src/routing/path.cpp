// SPDX-License-Identifier: MIT
#include "routing/path.hpp"

#include "message/hexadecimal.hpp"

#include <cstddef>

namespace cloakroom::routing {

std::optional<std::string_view> decode_escapes(std::string_view raw, std::string& storage) {
    storage.clear();
    for (std::size_t index = 0; index < raw.size(); ++index) {
        if (raw[index] != '%') {
            storage += raw[index];
            continue;
        }
        const int high = raw.size() - index > 2 ? hex_value(raw[index + 1]) : -1;
        const int low = raw.size() - index > 2 ? hex_value(raw[index + 2]) : -1;
        const int value = high * 16 + low;
        if (high < 0 || low < 0 || value == 0) {
            return std::nullopt;
        }
        index += 2;
        if (value == '/') {
            storage += "%2F";
        } else if (value == '%') {
            storage += "%25";
        } else {
            storage += static_cast<char>(value);
        }
    }
    return std::string_view{storage};
}

std::string_view decode_segment(std::string_view value, std::string& storage) {
    const std::size_t begin = storage.size();
    for (std::size_t index = 0; index < value.size(); ++index) {
        if (value[index] == '%') {
            storage += value[index + 1] == '2' && value[index + 2] == 'F' ? '/' : '%';
            index += 2;
        } else {
            storage += value[index];
        }
    }
    return std::string_view{storage}.substr(begin);
}

}  // namespace cloakroom::routing
