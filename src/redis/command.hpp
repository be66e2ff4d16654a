// SPDX-License-Identifier: MIT
// Commands as the bytes that are sent to Redis: RESP arrays of bulk strings.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace cloakroom::redis {

/// Appends the head of a command of so many words.
inline void append_head(std::string& out, std::size_t words) {
    out.append("*").append(std::to_string(words)).append("\r\n");
}

/// Appends the next word of a command.
inline void append_word(std::string& out, std::string_view word) {
    out.append("$").append(std::to_string(word.size())).append("\r\n").append(word).append("\r\n");
}

/// A command of those words.
[[nodiscard]] inline std::string make_command(std::initializer_list<std::string_view> words) {
    std::string command;
    append_head(command, words.size());
    for (const std::string_view each : words) {
        append_word(command, each);
    }
    return command;
}

}  // namespace cloakroom::redis
