// SPDX-License-Identifier: MIT
// An app with sessions in a store that is watched, and a clock that tests set.
#pragma once

#include "observed_store.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {

enum class store_kind { memory, signed_cookie, waiting };

/// A kind's name in the names of tests.
[[nodiscard]] inline std::string name_of(const ::testing::TestParamInfo<store_kind>& each) {
    switch (each.param) {
        case store_kind::memory:
            return "Memory";
        case store_kind::signed_cookie:
            return "Signed";
        case store_kind::waiting:
            return "Waiting";
    }
    return {};
}

/// For suites that run on each kind of store, and on those that compare and swap.
inline const auto every_store =
    ::testing::Values(store_kind::memory, store_kind::signed_cookie, store_kind::waiting);
inline const auto swapping_stores = ::testing::Values(store_kind::memory, store_kind::waiting);

struct session_app {
    using operation = session_change::operation;
    using operations = std::vector<operation>;

    explicit session_app(store_kind kind = store_kind::memory, session_options options = {}) {
        std::shared_ptr<session_store> inner = memory_sessions();
        if (kind == store_kind::signed_cookie) {
            inner = signed_cookie_sessions({.secret = "your secret key"});
        }
        store = std::make_shared<observed_store>(std::move(inner));
        options.clock = [this] { return now; };
        if (kind == store_kind::waiting) {
            under_test.sessions(std::make_shared<waiting_store>(store), options);
        } else {
            under_test.sessions(store, options);
        }
        under_test.log([this](std::string_view line) { logged.emplace_back(line); });
        under_test.get("/visits", [](session& visitor) {
            const int count = visitor.value("count", 0) + 1;
            visitor.set("count", count);
            return std::to_string(count);
        });
        under_test.get("/count", [](const session& visitor) {
            return std::to_string(visitor.value("count", 0));
        });
        under_test.get("/end", [](session& visitor) {
            visitor.end();
            return "bye";
        });
    }

    /// The commits since the last call.
    [[nodiscard]] operations new_commits() { return std::exchange(store->commits, {}); }

    session_time now{std::chrono::seconds{1'800'000'000}};
    std::vector<std::string> logged;
    std::shared_ptr<observed_store> store;
    app under_test;
};

}  // namespace cloakroom
