// SPDX-License-Identifier: MIT
// What Redis answers to a command, or that it does not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom::redis {

/// One reply of RESP2 (https://redis.io/docs/reference/protocol-spec), or why there is none.
struct reply {
    enum class kind : std::uint8_t {
        none,  ///< The server could not be reached, or did not answer in time; `text` says why. The
               ///< command may or may not have been executed.
        nil,
        text,
        status,
        error,  ///< `text` begins with its code, as in "MOVED 3999 127.0.0.1:6381".
        integer,
        list,
    };

    kind what = kind::none;
    std::string text{};
    std::int64_t number = 0;
    std::vector<reply> elements{};
    unsigned sent = 0;  ///< How often the command was sent, this reply's included.

    [[nodiscard]] static reply unreachable(std::string why) {
        return {.what = kind::none, .text = std::move(why)};
    }

    [[nodiscard]] bool is(kind which) const noexcept { return what == which; }

    /// Whether it is the error of that code.
    [[nodiscard]] bool is_error(std::string_view code) const noexcept {
        return what == kind::error && text.starts_with(code) &&
               (text.size() == code.size() || text[code.size()] == ' ');
    }
};

}  // namespace cloakroom::redis
