// SPDX-License-Identifier: MIT
// A machine of 20 states, 12 events and 60 transitions, to see what one costs to compile.
#pragma once

#include <cloakroom/fields.hpp>
#include <cloakroom/machine_of.hpp>

#include <optional>
#include <string>
#include <variant>

namespace large_machine {

struct state_0 {
    int number = 0;
    std::string text;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &state_0::number),
                                                     cloakroom::field("text", &state_0::text));
};
struct state_1 {};
struct state_2 {};
struct state_3 {};
struct state_4 {
    int number = 0;
    std::string text;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &state_4::number),
                                                     cloakroom::field("text", &state_4::text));
};
struct state_5 {};
struct state_6 {};
struct state_7 {};
struct state_8 {
    int number = 0;
    std::string text;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &state_8::number),
                                                     cloakroom::field("text", &state_8::text));
};
struct state_9 {};
struct state_10 {};
struct state_11 {};
struct state_12 {
    int number = 0;
    std::string text;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &state_12::number),
                                                     cloakroom::field("text", &state_12::text));
};
struct state_13 {};
struct state_14 {};
struct state_15 {};
struct state_16 {
    int number = 0;
    std::string text;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &state_16::number),
                                                     cloakroom::field("text", &state_16::text));
};
struct state_17 {};
struct state_18 {};
struct state_19 {};
struct event_0 {
    int by = 1;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("by", &event_0::by));
};
struct event_1 {};
struct event_2 {};
struct event_3 {
    int by = 1;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("by", &event_3::by));
};
struct event_4 {};
struct event_5 {};
struct event_6 {
    int by = 1;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("by", &event_6::by));
};
struct event_7 {};
struct event_8 {};
struct event_9 {
    int by = 1;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("by", &event_9::by));
};
struct event_10 {};
struct event_11 {};
struct large
    : cloakroom::machine_of<state_0, state_1, state_2, state_3, state_4, state_5, state_6, state_7,
                            state_8, state_9, state_10, state_11, state_12, state_13, state_14,
                            state_15, state_16, state_17, state_18, state_19> {
    using events = cloakroom::events<event_0, event_1, event_2, event_3, event_4, event_5, event_6,
                                     event_7, event_8, event_9, event_10, event_11>;
    static state_1 apply(const state_0&, const event_0&) { return {}; }
    static state_1 apply(const state_0&, const event_4&) { return {}; }
    static state_2 apply(const state_0&, const event_8&) { return {}; }
    static state_2 apply(const state_1&, const event_5&) { return {}; }
    static state_4 apply(const state_1&, const event_9&) { return {}; }
    static std::optional<state_5> apply(const state_1&, const event_1&) { return state_5{}; }
    static state_3 apply(const state_2&, const event_10&) { return {}; }
    static std::variant<state_7, cloakroom::refused> apply(const state_2&, const event_2&) {
        return cloakroom::refused{"No."};
    }
    static state_8 apply(const state_2&, const event_6&) { return {}; }
    static state_4 apply(const state_3&, const event_3&) { return {}; }
    static state_10 apply(const state_3&, const event_7&) { return {}; }
    static state_11 apply(const state_3&, const event_11&) { return {}; }
    static state_5 apply(const state_4&, const event_8&) { return {}; }
    static state_13 apply(const state_4&, const event_0&) { return {}; }
    static state_14 apply(const state_4&, const event_4&) { return {}; }
    static state_6 apply(const state_5&, const event_1&) { return {}; }
    static state_16 apply(const state_5&, const event_5&) { return {}; }
    static std::optional<state_17> apply(const state_5&, const event_9&) { return state_17{}; }
    static state_7 apply(const state_6&, const event_6&) { return {}; }
    static state_19 apply(const state_6&, const event_10&) { return {}; }
    static state_0 apply(const state_6&, const event_2&) { return {}; }
    static state_8 apply(const state_7&, const event_11&) { return {}; }
    static state_2 apply(const state_7&, const event_3&) { return {}; }
    static state_3 apply(const state_7&, const event_7&) { return {}; }
    static state_9 apply(const state_8&, const event_4&) { return {}; }
    static state_5 apply(const state_8&, const event_8&) { return {}; }
    static state_6 apply(const state_8&, const event_0&) { return {}; }
    static state_10 apply(const state_9&, const event_9&) { return {}; }
    static state_8 apply(const state_9&, const event_1&) { return {}; }
    static std::optional<state_9> apply(const state_9&, const event_5&) { return state_9{}; }
    static state_11 apply(const state_10&, const event_2&) { return {}; }
    static std::variant<state_11, cloakroom::refused> apply(const state_10&, const event_6&) {
        return cloakroom::refused{"No."};
    }
    static state_12 apply(const state_10&, const event_10&) { return {}; }
    static state_12 apply(const state_11&, const event_7&) { return {}; }
    static state_14 apply(const state_11&, const event_11&) { return {}; }
    static state_15 apply(const state_11&, const event_3&) { return {}; }
    static state_13 apply(const state_12&, const event_0&) { return {}; }
    static state_17 apply(const state_12&, const event_4&) { return {}; }
    static state_18 apply(const state_12&, const event_8&) { return {}; }
    static state_14 apply(const state_13&, const event_5&) { return {}; }
    static state_0 apply(const state_13&, const event_9&) { return {}; }
    static std::optional<state_1> apply(const state_13&, const event_1&) { return state_1{}; }
    static state_15 apply(const state_14&, const event_10&) { return {}; }
    static state_3 apply(const state_14&, const event_2&) { return {}; }
    static state_4 apply(const state_14&, const event_6&) { return {}; }
    static state_16 apply(const state_15&, const event_3&) { return {}; }
    static state_6 apply(const state_15&, const event_7&) { return {}; }
    static state_7 apply(const state_15&, const event_11&) { return {}; }
    static state_17 apply(const state_16&, const event_8&) { return {}; }
    static state_9 apply(const state_16&, const event_0&) { return {}; }
    static state_10 apply(const state_16&, const event_4&) { return {}; }
    static state_18 apply(const state_17&, const event_1&) { return {}; }
    static state_12 apply(const state_17&, const event_5&) { return {}; }
    static std::optional<state_13> apply(const state_17&, const event_9&) { return state_13{}; }
    static state_19 apply(const state_18&, const event_6&) { return {}; }
    static std::variant<state_15, cloakroom::refused> apply(const state_18&, const event_10&) {
        return cloakroom::refused{"No."};
    }
    static state_16 apply(const state_18&, const event_2&) { return {}; }
    static state_0 apply(const state_19&, const event_11&) { return {}; }
    static state_18 apply(const state_19&, const event_3&) { return {}; }
    static state_19 apply(const state_19&, const event_7&) { return {}; }
};

}  // namespace large_machine
