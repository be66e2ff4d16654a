// SPDX-License-Identifier: MIT
// Parses one message in any number of pieces, as a connection does, for the tests of the parser.
#pragma once

#include "http1/request_parser.hpp"

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom::http1 {

inline std::ostream& operator<<(std::ostream& out, parse_result result) {
    switch (result) {
        case parse_result::incomplete:
            return out << "incomplete";
        case parse_result::complete:
            return out << "complete";
        case parse_result::refused:
            return out << "refused";
    }
    return out << "?";
}

/// What became of a message. The views of `parts` are into `bytes`, whose address moves keep.
struct parsed_message {
    parse_result result = parse_result::incomplete;
    refusal why;
    progress at;
    request::parts parts;
    std::vector<char> bytes;

    [[nodiscard]] std::string_view body() const {
        return {bytes.data() + at.head_bytes, at.body_bytes};
    }

    /// The status as a number; 0 when it is not refused.
    [[nodiscard]] unsigned status() const {
        return result == parse_result::refused ? to_number(why.status) : 0;
    }
};

/// Whether the receiver makes use of request_parser::drop_framing().
enum class framing_bytes { kept, dropped };

/// A receiver that has its bytes at a new address after each piece, so that a view into the old
/// ones is found by the sanitizer.
class piecewise_receiver {
public:
    explicit piecewise_receiver(const limits& allowed, framing_bytes use = framing_bytes::kept)
        : allowed_(&allowed), use_(use) {}

    /// @return incomplete as long as more is wanted.
    parse_result add(std::string_view piece) {
        std::vector<char> moved(state_.bytes);
        moved.insert(moved.end(), piece.begin(), piece.end());
        moved.shrink_to_fit();
        state_.bytes = std::move(moved);
        request_parser parser(*allowed_);
        if (state_.at.head_bytes == 0) {
            state_.result = parser.parse_head({state_.bytes.data(), state_.bytes.size()}, state_.at,
                                              state_.parts, state_.why);
            if (state_.result != parse_result::complete) {
                return state_.result;
            }
        }
        state_.result = parser.parse_body(state_.bytes.data(), state_.bytes.size(), state_.at,
                                          allowed_->body_bytes, state_.why);
        if (state_.result == parse_result::incomplete && use_ == framing_bytes::dropped) {
            state_.bytes.resize(request_parser::drop_framing(state_.at));
        }
        return state_.result;
    }

    /// The message, with the views brought up to date.
    parsed_message finish() && {
        if (state_.result == parse_result::complete) {
            state_.result = request_parser(*allowed_).parse_head(
                {state_.bytes.data(), state_.bytes.size()}, state_.at, state_.parts, state_.why);
        }
        return std::move(state_);
    }

private:
    const limits* allowed_;
    framing_bytes use_;
    parsed_message state_;
};

inline parsed_message parse(std::string_view message, const limits& allowed = {}) {
    piecewise_receiver receiver(allowed);
    static_cast<void>(receiver.add(message));
    return std::move(receiver).finish();
}

/// Everything that a message is found to be, but for where it lies.
inline std::string describe(const parsed_message& message) {
    if (message.result == parse_result::incomplete) {
        return "incomplete";
    }
    if (message.result == parse_result::refused) {
        return std::to_string(message.status()) + " " + std::string(message.why.detail);
    }
    const request::parts& parts = message.parts;
    std::string text(to_string(parts.method));
    for (const std::string_view part : {parts.target, parts.path, parts.query, parts.host}) {
        text += " <";
        text += part;
        text += '>';
    }
    text += " 1." + std::to_string(parts.minor_version);
    for (const field_view& each : parts.fields) {
        text += "\n<" + std::string(each.name) + ">=<" + std::string(each.value) + ">";
    }
    text += "\nhead " + std::to_string(message.at.head_bytes);
    text += message.at.keeps_alive ? " keep" : " close";
    text += message.at.expects_continue ? " continue" : "";
    text += "\nbody <" + std::string(message.body()) + ">";
    return text;
}

}  // namespace cloakroom::http1
