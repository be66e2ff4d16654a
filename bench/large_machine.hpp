// SPDX-License-Identifier: MIT
// A machine of 20 states, 30 events and 60 transitions, to see what one costs to compile.
#pragma once

#include <cloakroom/fields.hpp>
#include <cloakroom/machine_of.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace large_machine {

struct state_0 {
    int number = 0;
    std::string text;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &state_0::number),
                                                     cloakroom::field("text", &state_0::text));
};
struct state_1 {};
struct state_2 {
    int number = 0;
    std::string text;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &state_2::number),
                                                     cloakroom::field("text", &state_2::text));
};
struct state_3 {};
struct state_4 {
    int number = 0;
    std::string text;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &state_4::number),
                                                     cloakroom::field("text", &state_4::text));
};
struct state_5 {};
struct state_6 {
    int number = 0;
    std::string text;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &state_6::number),
                                                     cloakroom::field("text", &state_6::text));
};
struct state_7 {};
struct state_8 {
    int number = 0;
    std::string text;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &state_8::number),
                                                     cloakroom::field("text", &state_8::text));
};
struct state_9 {};
struct state_10 {
    int number = 0;
    std::string text;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &state_10::number),
                                                     cloakroom::field("text", &state_10::text));
};
struct state_11 {};
struct state_12 {
    int number = 0;
    std::string text;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &state_12::number),
                                                     cloakroom::field("text", &state_12::text));
};
struct state_13 {};
struct state_14 {
    int number = 0;
    std::string text;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &state_14::number),
                                                     cloakroom::field("text", &state_14::text));
};
struct state_15 {};
struct state_16 {
    int number = 0;
    std::string text;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &state_16::number),
                                                     cloakroom::field("text", &state_16::text));
};
struct state_17 {};
struct state_18 {
    int number = 0;
    std::string text;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &state_18::number),
                                                     cloakroom::field("text", &state_18::text));
};
struct state_19 {};
struct event_0 {
    int number = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &event_0::number));
};
struct event_1 {};
struct event_2 {};
struct event_3 {
    int number = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &event_3::number));
};
struct event_4 {};
struct event_5 {};
struct event_6 {
    int number = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &event_6::number));
};
struct event_7 {};
struct event_8 {};
struct event_9 {
    int number = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &event_9::number));
};
struct event_10 {};
struct event_11 {};
struct event_12 {
    int number = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &event_12::number));
};
struct event_13 {};
struct event_14 {};
struct event_15 {
    int number = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &event_15::number));
};
struct event_16 {};
struct event_17 {};
struct event_18 {
    int number = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &event_18::number));
};
struct event_19 {};
struct event_20 {};
struct event_21 {
    int number = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &event_21::number));
};
struct event_22 {};
struct event_23 {};
struct event_24 {
    int number = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &event_24::number));
};
struct event_25 {};
struct event_26 {};
struct event_27 {
    int number = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &event_27::number));
};
struct event_28 {};
struct event_29 {};
struct large
    : cloakroom::machine_of<state_0, state_1, state_2, state_3, state_4, state_5, state_6, state_7,
                            state_8, state_9, state_10, state_11, state_12, state_13, state_14,
                            state_15, state_16, state_17, state_18, state_19> {
    using events = cloakroom::events<event_0, event_1, event_2, event_3, event_4, event_5, event_6,
                                     event_7, event_8, event_9, event_10, event_11, event_12,
                                     event_13, event_14, event_15, event_16, event_17, event_18,
                                     event_19, event_20, event_21, event_22, event_23, event_24,
                                     event_25, event_26, event_27, event_28, event_29>;
    static constexpr auto timeouts =
        cloakroom::timeouts(cloakroom::timeout<state_1, event_3>(std::chrono::seconds{60}));
    static state_1 apply(const state_0&, const event_0&) { return {}; }
    static std::optional<state_6> apply(const state_0&, const event_1&) { return state_6{}; }
    static std::variant<state_11, state_14> apply(const state_0&, const event_2&) {
        return state_11{};
    }
    static state_2 apply(const state_1&, const event_3&) { return {}; }
    static std::optional<state_13> apply(const state_1&, const event_4&) { return state_13{}; }
    static std::variant<state_18, state_1> apply(const state_1&, const event_5&) {
        return state_18{};
    }
    static state_3 apply(const state_2&, const event_6&) { return {}; }
    static std::optional<state_0> apply(const state_2&, const event_7&) { return state_0{}; }
    static std::variant<state_5, state_8> apply(const state_2&, const event_8&) {
        return state_5{};
    }
    static state_4 apply(const state_3&, const event_9&) { return {}; }
    static std::optional<state_7> apply(const state_3&, const event_10&) { return state_7{}; }
    static std::variant<state_12, state_15> apply(const state_3&, const event_11&) {
        return state_12{};
    }
    static state_5 apply(const state_4&, const event_12&) { return {}; }
    static std::optional<state_14> apply(const state_4&, const event_13&) { return state_14{}; }
    static std::variant<state_19, state_2> apply(const state_4&, const event_14&) {
        return state_19{};
    }
    static state_6 apply(const state_5&, const event_15&) { return {}; }
    static std::optional<state_1> apply(const state_5&, const event_16&) { return state_1{}; }
    static std::variant<state_6, state_9> apply(const state_5&, const event_17&) {
        return state_6{};
    }
    static state_7 apply(const state_6&, const event_18&) { return {}; }
    static std::optional<state_8> apply(const state_6&, const event_19&) { return state_8{}; }
    static std::variant<state_13, state_16> apply(const state_6&, const event_20&) {
        return state_13{};
    }
    static state_8 apply(const state_7&, const event_21&) { return {}; }
    static std::optional<state_15> apply(const state_7&, const event_22&) { return state_15{}; }
    static std::variant<state_0, state_3> apply(const state_7&, const event_23&) {
        return state_0{};
    }
    static state_9 apply(const state_8&, const event_24&) { return {}; }
    static std::optional<state_2> apply(const state_8&, const event_25&) { return state_2{}; }
    static std::variant<state_7, state_10> apply(const state_8&, const event_26&) {
        return state_7{};
    }
    static state_10 apply(const state_9&, const event_27&) { return {}; }
    static std::optional<state_9> apply(const state_9&, const event_28&) { return state_9{}; }
    static std::variant<state_14, state_17> apply(const state_9&, const event_29&) {
        return state_14{};
    }
    static state_11 apply(const state_10&, const event_0&) { return {}; }
    static std::optional<state_16> apply(const state_10&, const event_1&) { return state_16{}; }
    static std::variant<state_1, state_4> apply(const state_10&, const event_2&) {
        return state_1{};
    }
    static state_12 apply(const state_11&, const event_3&) { return {}; }
    static std::optional<state_3> apply(const state_11&, const event_4&) { return state_3{}; }
    static std::variant<state_8, state_11> apply(const state_11&, const event_5&) {
        return state_8{};
    }
    static state_13 apply(const state_12&, const event_6&) { return {}; }
    static std::optional<state_10> apply(const state_12&, const event_7&) { return state_10{}; }
    static std::variant<state_15, state_18> apply(const state_12&, const event_8&) {
        return state_15{};
    }
    static state_14 apply(const state_13&, const event_9&) { return {}; }
    static std::optional<state_17> apply(const state_13&, const event_10&) { return state_17{}; }
    static std::variant<state_2, state_5> apply(const state_13&, const event_11&) {
        return state_2{};
    }
    static state_15 apply(const state_14&, const event_12&) { return {}; }
    static std::optional<state_4> apply(const state_14&, const event_13&) { return state_4{}; }
    static std::variant<state_9, state_12> apply(const state_14&, const event_14&) {
        return state_9{};
    }
    static state_16 apply(const state_15&, const event_15&) { return {}; }
    static std::optional<state_11> apply(const state_15&, const event_16&) { return state_11{}; }
    static std::variant<state_16, state_19> apply(const state_15&, const event_17&) {
        return state_16{};
    }
    static state_17 apply(const state_16&, const event_18&) { return {}; }
    static std::optional<state_18> apply(const state_16&, const event_19&) { return state_18{}; }
    static std::variant<state_3, state_6> apply(const state_16&, const event_20&) {
        return state_3{};
    }
    static state_18 apply(const state_17&, const event_21&) { return {}; }
    static std::optional<state_5> apply(const state_17&, const event_22&) { return state_5{}; }
    static std::variant<state_10, state_13> apply(const state_17&, const event_23&) {
        return state_10{};
    }
    static state_19 apply(const state_18&, const event_24&) { return {}; }
    static std::optional<state_12> apply(const state_18&, const event_25&) { return state_12{}; }
    static std::variant<state_17, state_0> apply(const state_18&, const event_26&) {
        return state_17{};
    }
    static state_0 apply(const state_19&, const event_27&) { return {}; }
    static std::optional<state_19> apply(const state_19&, const event_28&) { return state_19{}; }
    static std::variant<state_4, state_7> apply(const state_19&, const event_29&) {
        return state_4{};
    }
};

}  // namespace large_machine
