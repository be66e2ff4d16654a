// SPDX-License-Identifier: MIT
// A transaction whose store is the test.
#pragma once

#include "session/transaction.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {

using contents = std::vector<std::pair<std::string_view, std::string_view>>;

inline session_values values_of(const contents& pairs) {
    session_values result;
    for (const auto& [key, json] : pairs) {
        result.set(key, json);
    }
    return result;
}

class TransactionTest : public ::testing::Test {
protected:
    // A session that was last touched just now, under version 7.
    void open(const contents& pairs) {
        begin("the token");
        load(pairs, 7);
    }

    void begin(std::optional<std::string_view> cookie) {
        under_test.set_up(options, capabilities);
        under_test.begin(cookie);
    }

    void load(const contents& pairs, session_version version) {
        stored_session& into = under_test.stored();
        into.record.values = values_of(pairs);
        into.record.issued = now - std::chrono::hours{1};
        into.record.idle_deadline = now + options.idle_time;
        into.record.absolute_deadline = now - std::chrono::hours{1} + options.absolute_time;
        into.version = version;
        into.wants_renewal = false;
        ASSERT_EQ(under_test.loaded(session_load::found), session_transaction::opening::opened);
    }

    [[nodiscard]] std::optional<session_change> change(bool rolls_back = false) {
        return under_test.change(rolls_back, now);
    }

    // The change is refused, because others have committed this.
    session_transaction::verdict conflict(const contents& pairs, session_version version,
                                          bool may_rerun = false) {
        stored_session& current = under_test.committed().current;
        current.record = under_test.stored().record;
        current.record.values = values_of(pairs);
        current.version = version;
        return under_test.settle(session_commit::conflict, may_rerun);
    }

    static constexpr std::chrono::seconds touch_interval{300};

    session_time now{std::chrono::seconds{1'800'000'000}};
    session_options options{.touch_interval = touch_interval};
    session_capabilities capabilities;
    session_transaction under_test;
    session& visitor = under_test.session();
};

}  // namespace cloakroom
