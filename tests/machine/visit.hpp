// SPDX-License-Identifier: MIT
// One request's session without an app: what was stored before it, and what is after it.
#pragma once

#include "session/transaction.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace cloakroom {

class visit {
public:
    explicit visit(const session_values& stored = {}) {
        transaction_.set_up(options_, {});
        transaction_.begin("the token");
        transaction_.stored().record.values = stored;
        transaction_.stored().version = 1;
        transaction_.stored().record.idle_deadline = when + options_.idle_time;
        transaction_.stored().record.absolute_deadline = when + options_.absolute_time;
        (void)transaction_.loaded(session_load::found);
    }

    /// A session with one value.
    visit(std::string_view key, std::string_view json) : visit(values_of(key, json)) {}

    [[nodiscard]] class session& session() noexcept { return transaction_.session(); }

    /// What would be stored now.
    [[nodiscard]] session_values values() {
        const std::optional<session_change> change = transaction_.change(false, when);
        return change ? change->record.values : transaction_.stored().record.values;
    }

    /// One of these as JSON; empty without it.
    [[nodiscard]] std::string value(std::string_view key) {
        const session_values all = values();
        return std::string{all.find(key).value_or("")};
    }

private:
    static constexpr session_time when{std::chrono::seconds{1'764'115'200}};

    static session_values values_of(std::string_view key, std::string_view json) {
        session_values values;
        values.set(key, json);
        return values;
    }

    session_options options_;
    session_transaction transaction_;
};

}  // namespace cloakroom
