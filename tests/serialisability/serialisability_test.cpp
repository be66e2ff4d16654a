// SPDX-License-Identifier: MIT
// Session transactions are strictly serialisable: many clients, few sessions, every kind of
// handler, and a checker that is told only what the clients saw.
//
// CLOAKROOM_CHECK_OPERATIONS=1000000 in the environment sets how many transactions each test runs.
#include "app/observed_store.hpp"
#include "broken_stores.hpp"
#include "passing_store.hpp"
#include "transaction_app.hpp"
#include "transports.hpp"
#include "trial.hpp"
#include <cloakroom/memory_sessions.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <iostream>
#include <memory>

namespace cloakroom::serialisability {
namespace {

// Room enough that no session is dropped for want of it: every late request on a session that has
// ended leaves a fresh one behind.
std::shared_ptr<session_store> roomy_store() {
    return memory_sessions({.capacity_bytes = 1024UL * 1024 * 1024});
}

// An app whose store each test chooses, and a workload for it.
class Serialisability : public trial {
protected:
    transaction_app served;

    // On a store that works: no anomalies, though clients get in each other's way all the time.
    void expect_serialisable(const counting_store& store,
                             const std::function<transport()>& connect) {
        const verdict result = run(connect);
        EXPECT_EQ(result.found, 0U);
        EXPECT_EQ(recorded.unanswered, 0U);
        const std::uint64_t reruns = served.runs - load.sent();
        const std::uint64_t rebases = store.overtaken - reruns - recorded.conflicts;
        std::cout << ", " << reruns << " reruns, " << rebases << " rebases\n";
        EXPECT_GT(recorded.conflicts, 0U);
        EXPECT_GT(reruns, 0U);
        EXPECT_GT(rebases, 0U);
        EXPECT_GT(late, 0U);
    }
};

TEST_F(Serialisability, HoldsInProcess) {
    const auto store = std::make_shared<counting_store>(roomy_store());
    served.sessions(store);
    expect_serialisable(*store, [this] { return in_process(served); });
}

TEST_F(Serialisability, HoldsOnFourEventLoops) {
    const auto store = std::make_shared<counting_store>(roomy_store());
    served.sessions(store);
    run_options options = net::running_app::one_loop();
    options.threads = 4;
    const net::running_app server(served, options);
    expect_serialisable(*store, [&] { return by_socket(server.port()); });
}

TEST_F(Serialisability, HoldsWithAStoreThatAnswersLater) {
    const auto store = std::make_shared<counting_store>(roomy_store());
    served.sessions(std::make_shared<waiting_store>(store));
    load.transactions /= 4;
    load.session_length /= 4;
    expect_serialisable(*store, [this] { return in_process(served); });
}

TEST_F(Serialisability, HoldsWhereAnswersOfTheStoreAreLost) {
    served.sessions(std::make_shared<unreliable_store>(roomy_store()));
    load.transactions /= 4;
    load.session_length /= 4;
    const verdict result = run([this] { return in_process(served); });
    EXPECT_EQ(result.found, 0U);
    EXPECT_GT(recorded.unanswered, 0U);
    std::cout << "\n";
}

// That the clients and the checker together find out a store that has a fault. Whether a fault shows
// is up to how the threads meet, so they meet anew until it has.
class BrokenStore : public Serialisability {
protected:
    template <class Store>
    void expect_found(anomaly_kind kind) {
        constexpr unsigned most_rounds = 100;
        served.sessions(std::make_shared<Store>(roomy_store()));
        load.transactions = 3'000;
        bool is_found = false;
        for (load.seed = 1; load.seed <= most_rounds && !is_found; ++load.seed) {
            is_found = run([this] { return in_process(served); }).has(kind);
            std::cout << "\n";
        }
        EXPECT_TRUE(is_found);
    }
};

TEST_F(BrokenStore, ThatOverwritesLosesUpdates) {
    expect_found<overwriting_store>(anomaly_kind::lost_update);
}

TEST_F(BrokenStore, ThatLagsShowsStaleReads) {
    expect_found<lagging_store>(anomaly_kind::stale_read);
}

TEST_F(BrokenStore, ThatForgetsEndsRevives) {
    expect_found<reviving_store>(anomaly_kind::revival);
}

TEST_F(BrokenStore, ThatFindsNothingLosesSessions) {
    expect_found<losing_store>(anomaly_kind::lost_session);
}

TEST_F(BrokenStore, ThatMixesSessionsUpShowsForeignOnes) {
    expect_found<confusing_store>(anomaly_kind::foreign_session);
}

TEST_F(BrokenStore, ThatDeniesWhatItDidShowsAbortedWrites) {
    expect_found<denying_store>(anomaly_kind::aborted_read);
}

TEST_F(BrokenStore, ThatComparesOnlyWhatWasWrittenSkewsWrites) {
    expect_found<merging_store>(anomaly_kind::write_skew);
}

}  // namespace
}  // namespace cloakroom::serialisability
