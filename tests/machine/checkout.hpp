// SPDX-License-Identifier: MIT
// The machine of most tests: a cart that is paid for, with a guard, a choice and a timeout.
#pragma once

#include <cloakroom/fields.hpp>
#include <cloakroom/machine.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace checkout_test {

struct line {
    std::string sku;
    int quantity = 1;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("sku", &line::sku),
                                                     cloakroom::field("quantity", &line::quantity));
    friend bool operator==(const line&, const line&) = default;
};

struct browsing {
    std::vector<line> lines;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("lines", &browsing::lines));
    friend bool operator==(const browsing&, const browsing&) = default;
};

struct paying {
    std::vector<line> lines;
    int attempts = 0;
    static constexpr auto fields = cloakroom::fields(
        cloakroom::field("lines", &paying::lines), cloakroom::field("attempts", &paying::attempts));
    friend bool operator==(const paying&, const paying&) = default;
};

struct paid {
    std::string receipt;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("receipt", &paid::receipt));
    friend bool operator==(const paid&, const paid&) = default;
};

struct cancelled {
    friend bool operator==(const cancelled&, const cancelled&) = default;
};

struct add_line {
    std::string sku;
    int quantity = 1;
    static constexpr auto fields =
        cloakroom::fields(cloakroom::field("sku", &add_line::sku),
                          cloakroom::field("quantity", &add_line::quantity).optional());
};

struct check_out {};

struct confirm {
    std::string receipt;
    static constexpr auto fields =
        cloakroom::fields(cloakroom::field("receipt", &confirm::receipt));
};

struct decline {};
struct cancel {};
struct give_up {};

struct checkout : cloakroom::machine_of<browsing, paying, paid, cancelled> {
    using events = cloakroom::events<add_line, check_out, confirm, decline, cancel, give_up>;
    using internal_events = cloakroom::events<confirm, decline, give_up>;
    static constexpr auto timeouts =
        cloakroom::timeouts(cloakroom::timeout<paying, give_up>(std::chrono::minutes{15}));

    static std::variant<browsing, cloakroom::refused> apply(browsing from, const add_line& added) {
        if (added.quantity < 1) {
            return cloakroom::refused{"The quantity is at least 1."};
        }
        from.lines.push_back({added.sku, added.quantity});
        return from;
    }
    static std::optional<paying> apply(const browsing& from, const check_out& /*event*/) {
        if (from.lines.empty()) {
            return std::nullopt;
        }
        return paying{from.lines};
    }
    static paid apply(const paying& /*from*/, const confirm& event) { return {event.receipt}; }
    static std::variant<paying, cancelled> apply(paying from, const decline& /*event*/) {
        if (from.attempts >= 2) {
            return cancelled{};
        }
        ++from.attempts;
        return from;
    }
    static browsing apply(const paying& from, const give_up& /*event*/) { return {from.lines}; }

    template <class State>
        requires(std::same_as<State, browsing> || std::same_as<State, paying>)
    static cancelled apply(const State& /*from*/, const cancel& /*event*/) { return {}; }

    static cloakroom::refused apply(const paid& /*from*/, const cancel& /*event*/) {
        return {"What is paid cannot be cancelled. Ask for your money back."};
    }
};

}  // namespace checkout_test
