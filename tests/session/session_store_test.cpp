// SPDX-License-Identifier: MIT
// What a store does that implements only what every store has to.
#include "now.hpp"
#include <cloakroom/session_store.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace cloakroom {
namespace {

class least_store final : public session_store {
public:
    [[nodiscard]] session_capabilities capabilities() const noexcept override { return {}; }
    [[nodiscard]] session_load load(const session_token& /*token*/, session_time /*now*/,
                                    stored_session& /*into*/) override {
        return outcome;
    }
    [[nodiscard]] session_commit commit(const session_change& /*change*/, session_time /*now*/,
                                        session_committed& /*into*/) override {
        return session_commit::committed;
    }

    session_load outcome = session_load::absent;
};

TEST(SessionStore, HasNoSessionsOfAnOwnerUnlessItSaysSo) {
    least_store store;
    std::vector<session_summary> listed;
    EXPECT_EQ(store.list("alice", {}, now, listed), session_load::failed);
    EXPECT_TRUE(listed.empty());
    EXPECT_EQ(store.end("alice", "handle", now), session_commit::unavailable);
    EXPECT_EQ(store.end_all("alice", nullptr, now), session_commit::unavailable);
}

TEST(SessionStore, IsPingedByALoad) {
    least_store store;
    EXPECT_TRUE(store.ping(now));
    store.outcome = session_load::failed;
    EXPECT_FALSE(store.ping(now));
}

TEST(SessionStore, CountsNothingUnlessItSaysSo) {
    EXPECT_EQ(least_store{}.metrics().sessions, 0U);
}

}  // namespace
}  // namespace cloakroom
