// SPDX-License-Identifier: MIT
// Session transactions on Redis are strictly serialisable: over several processes, and while
// processes, Redis and the network between them fail. Clients go to another process with every
// request.
//
// CLOAKROOM_CHECK_OPERATIONS=1000000 in the environment sets how many transactions each test runs.
#include "instances.hpp"
#include "progress.hpp"
#include "redis/faulty_proxy.hpp"
#include "redis/redis_server.hpp"
#include "transaction_app.hpp"
#include "transports.hpp"
#include "trial.hpp"
#include <cloakroom/async_session_store.hpp>
#include <cloakroom/redis_sessions.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <unordered_set>
#include <vector>

namespace cloakroom::serialisability {
namespace {

std::string url_of(std::uint16_t port) {
    return "redis://127.0.0.1:" + std::to_string(port);
}

class RedisSerialisability : public trial {
protected:
    redis::redis_server server{{.append_only = true}};

    RedisSerialisability() { load.transactions = operations(10); }
};

TEST_F(RedisSerialisability, HoldsInProcess) {
    transaction_app served;
    const std::shared_ptr<async_session_store> store = redis_sessions(url_of(server.port()));
    served.sessions(store);
    const verdict result = run([&] { return in_process(served); });
    const std::uint64_t reruns = served.runs - load.sent();
    std::cout << ", " << reruns << " reruns\n";
    EXPECT_EQ(result.found, 0U);
    EXPECT_EQ(recorded.unanswered, 0U);
    EXPECT_GT(recorded.conflicts, 0U);
    EXPECT_GT(reruns, 0U);
    EXPECT_GT(store->metrics().conflicts, reruns + recorded.conflicts);  // some were rebased
    EXPECT_GT(late, 0U);
}

TEST_F(RedisSerialisability, HoldsOnSeveralProcesses) {
    const instances served(3, {url_of(server.port())});
    std::atomic<unsigned> clients = 0;
    const verdict result = run([&] { return served.connect(++clients); });
    const instances::counts counted = served.count();
    const std::size_t reruns = counted.runs - load.sent();
    std::cout << ", " << reruns << " reruns, " << counted.conflicts
              << " commits found that another one came first\n";
    EXPECT_EQ(result.found, 0U);
    EXPECT_EQ(recorded.unanswered, 0U);
    EXPECT_GT(recorded.conflicts, 0U);
    EXPECT_GT(reruns, 0U);
    EXPECT_GT(counted.conflicts, reruns + recorded.conflicts);  // some were rebased
    EXPECT_GT(late, 0U);
}

// How often Redis was asked for a session by GET alone: scripts have one GET each, too.
std::size_t loads(const redis::redis_server& server) {
    const std::string statistics = server.command({"INFO", "commandstats"});
    const auto calls = [&](const std::string& command) {
        const std::string mark = "cmdstat_" + command + ":calls=";
        const std::size_t at = statistics.find(mark);
        return at == std::string::npos ? 0 : std::stoul(statistics.substr(at + mark.size()));
    };
    return calls("get") - std::min(calls("get"), calls("evalsha"));
}

// Where sessions are cached, one that writes nothing may see what was there a moment ago.
TEST_F(RedisSerialisability, HoldsWithACacheButForTheAgeOfWhatIsRead) {
    constexpr std::chrono::milliseconds stale_time{200};
    const instances served(3, {url_of(server.port()), "2000", std::to_string(stale_time.count())});
    load.staleness = stale_time;
    std::atomic<unsigned> clients = 0;
    const verdict result = run([&] { return served.connect(++clients); });
    const std::size_t runs = served.count().runs;
    std::cout << ", " << runs << " runs, " << loads(server) << " loads from Redis\n";
    EXPECT_EQ(result.found, 0U);
    EXPECT_EQ(recorded.unanswered, 0U);
    EXPECT_LT(loads(server), runs);
}

// How many transactions whose answers were lost are known to have happened: others read what they
// wrote.
std::size_t happened_unanswered(const history& transactions) {
    std::unordered_set<version> seen;
    for (const transaction& each : transactions) {
        for (const access& one : each.accesses) {
            if (each.outcome == outcome::committed) {
                seen.insert(one.seen);
            }
        }
    }
    const auto is_seen = [&](const access& one) {
        return one.made != as_begun && seen.contains(one.made);
    };
    return static_cast<std::size_t>(
        std::count_if(transactions.begin(), transactions.end(), [&](const transaction& each) {
            return each.outcome == outcome::unknown &&
                   std::any_of(each.accesses.begin(), each.accesses.end(), is_seen);
        }));
}

// Three processes, a Redis and a network, all of which a test breaks while clients use them.
class RedisFaults : public RedisSerialisability {
protected:
    redis::faulty_proxy network{server.port()};
    instances served{3, {url_of(network.port()), "250"}};
    progress clients;
    std::minstd_rand random{load.seed};
    std::size_t faults = 0;
    std::size_t struck = 0;  // faults while requests were under way

    using fault = std::function<void()>;

    RedisFaults() { load.transactions = operations(20); }

    std::size_t below(std::size_t bound) { return random() % bound; }

    // Breaks one thing after the other as long as the clients are at work.
    verdict run_while_breaking(const std::vector<fault>& kinds) {
        std::atomic<unsigned> seed = 0;
        return run([&] { return clients.watch(served.connect(++seed)); },
                   [&] { break_often(kinds); }, [this] { clients.finish(); });
    }

    void expect_serialisable(const std::vector<fault>& kinds) {
        const verdict result = run_while_breaking(kinds);
        const std::size_t happened = happened_unanswered(recorded.transactions);
        std::cout << "; " << faults << " faults, " << struck << " of them under way; " << happened
                  << " unknown ones happened\n";
        EXPECT_EQ(result.found, 0U);
        EXPECT_GT(recorded.unanswered, 0U);
        EXPECT_GT(result.committed, load.sent() / 4);
        EXPECT_GE(faults, kinds.size());
        EXPECT_GT(struck, faults / 2);
    }

    void break_often(const std::vector<fault>& kinds) {
        constexpr std::size_t usual_pace = 250;  // transactions from fault to fault, on average
        // Each kind strikes more than once.
        const std::size_t pace = std::min(usual_pace, 2 * load.transactions / (5 * kinds.size()));
        while (clients.wait_for_service(pace / 2 + below(pace))) {
            struck += clients.under_way() > 0 ? 1U : 0U;
            kinds[faults++ % kinds.size()]();
        }
    }

    // As many answers as clients: all that was under way has come out.
    void wait_for_all() { clients.wait_for_answers(load.clients); }

    std::vector<fault> of_processes() {
        return {[this] { served.restart(below(served.size())); }};
    }

    std::vector<fault> of_redis() {
        return {
            [this] {
                server.kill();
                wait_for_all();
                server.start();
            },
            [this] {
                server.kill();
                server.start();
            },
            [this] {
                server.stop();
                wait_for_all();
                server.start();
            },
            [this] {  // until the operations have given up; what they had sent is executed then
                server.pause();
                wait_for_all();
                server.resume();
            },
            [this] {  // what was sent is lost
                server.pause();
                clients.wait_for_answers(1);
                server.kill();
                server.start();
            },
        };
    }

    std::vector<fault> of_the_network() {
        return {
            [this] {
                network.cut();
                wait_for_all();
                network.pass();
            },
            [this] {  // it is there again before the next attempt
                network.cut();
                network.pass();
            },
            [this] {
                network.black_hole();
                wait_for_all();
                network.pass();
            },
            [this] { network.lose_answers_after(below(4)); },
            [this] { network.truncate_answers(below(400)); },
            [this] { network.garble_answers("HTTP/1.1 400 Bad Request\r\n"); },
            [this] { network.lose_answers_after(below(4)); },
        };
    }
};

TEST_F(RedisFaults, OfProcessesLoseNoUpdates) {
    expect_serialisable(of_processes());
}

TEST_F(RedisFaults, OfRedisLoseNoUpdates) {
    expect_serialisable(of_redis());
}

TEST_F(RedisFaults, OfTheNetworkLoseNoUpdates) {
    expect_serialisable(of_the_network());
}

TEST_F(RedisFaults, OfAllKindsLoseNoUpdates) {
    std::vector<fault> all = of_processes();
    for (const std::vector<fault>& more : {of_redis(), of_the_network()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    expect_serialisable(all);
}

// That all this finds out a Redis that does lose what it has acknowledged.
TEST_F(RedisFaults, ThatLoseUpdatesAreFound) {
    server.command({"CONFIG", "SET", "appendonly", "no"});
    server.command({"CONFIG", "SET", "save", ""});
    load.transactions = 3'000;
    const verdict result = run_while_breaking({[this] { server.command({"FLUSHALL"}); }});
    std::cout << "\n";
    EXPECT_TRUE(result.has(anomaly_kind::lost_session));
}

}  // namespace
}  // namespace cloakroom::serialisability
