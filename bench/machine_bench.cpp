// SPDX-License-Identifier: MIT
// What a state machine costs: an event on one that is loaded; a whole visit, from the store and back;
// and the parts of these.
#include "../tests/machine/checkout.hpp"
#include "session/transaction.hpp"
#include <cloakroom/memory_sessions.hpp>

#include <benchmark/benchmark.h>

#include <memory>
#include <string>

namespace {

using namespace checkout_test;
using namespace cloakroom;

constexpr session_time now{std::chrono::seconds{1'800'000'000}};

// A cart of two lines, which is paid for.
void fill(machine<checkout>& flow) {
    flow.apply(add_line{"apple", 2});
    flow.apply(add_line{"pear", 1});
}

// Two states without data, one event: what is left is the machine's own.
struct off {};
struct on {};
struct flip {};
struct light : machine_of<off, on> {
    using events = cloakroom::events<flip>;
    static on apply(const off& /*from*/, const flip& /*event*/) { return {}; }
    static off apply(const on& /*from*/, const flip& /*event*/) { return {}; }
};

void BM_transition_without_data(benchmark::State& state) {
    session visitor;
    machine<light> flow(visitor, now);
    for (auto _ : state) {
        benchmark::DoNotOptimize(flow.try_apply(flip{}).what);
    }
}
BENCHMARK(BM_transition_without_data);

// To `paying` and back to `browsing`, each with the cart of two lines: two events a turn.
void BM_two_transitions_with_cart(benchmark::State& state) {
    session visitor;
    machine<checkout> flow(visitor, now);
    fill(flow);
    for (auto _ : state) {
        benchmark::DoNotOptimize(flow.try_apply(check_out{}).what);
        benchmark::DoNotOptimize(flow.try_apply(give_up{}).what);
    }
}
BENCHMARK(BM_two_transitions_with_cart);

void BM_transition_with_id(benchmark::State& state) {
    session visitor;
    machine<light> flow(visitor, now);
    unsigned number = 1'000'000;
    for (auto _ : state) {
        benchmark::DoNotOptimize(flow.try_apply(flip{}, std::to_string(number++)).what);
    }
}
BENCHMARK(BM_transition_with_id);

void BM_event_that_is_not_allowed(benchmark::State& state) {
    session visitor;
    machine<checkout> flow(visitor, now);
    for (auto _ : state) {
        benchmark::DoNotOptimize(flow.try_apply(confirm{}).what);
    }
}
BENCHMARK(BM_event_that_is_not_allowed);

void BM_allowed_events(benchmark::State& state) {
    session visitor;
    const machine<checkout> flow(visitor, now);
    for (auto _ : state) {
        benchmark::DoNotOptimize(flow.allowed());
    }
}
BENCHMARK(BM_allowed_events);

paying cart() {
    return {{{"apple", 2}, {"pear", 1}}, 0};
}

void BM_encode_cart(benchmark::State& state) {
    const paying from = cart();
    std::string json;
    for (auto _ : state) {
        json.clear();
        json_codec<paying>::encode(json, from);
        benchmark::DoNotOptimize(json.data());
    }
}
BENCHMARK(BM_encode_cart);

void BM_decode_cart(benchmark::State& state) {
    std::string json;
    json_codec<paying>::encode(json, cart());
    paying into;
    for (auto _ : state) {
        benchmark::DoNotOptimize(json_codec<paying>::decode(json, into));
    }
}
BENCHMARK(BM_decode_cart);

// One visitor's session in a store of memory, visited by a transaction as a request does.
class visits {
public:
    visits() { transaction_.set_up(options_, store_->capabilities()); }

    // Loads, calls and commits. @return False when the store failed.
    template <class Function>
    bool visit(Function call) {
        transaction_.begin(cookie_);
        if (transaction_.has_token()) {
            const session_load outcome =
                store_->load(transaction_.token(), now, transaction_.stored());
            if (transaction_.loaded(outcome) != session_transaction::opening::opened) {
                return false;
            }
        }
        call(transaction_.session());
        const auto change = transaction_.change(false, now);
        if (!change) {
            return true;
        }
        const session_commit outcome = store_->commit(*change, now, transaction_.committed());
        const bool is_done =
            transaction_.settle(outcome, false) == session_transaction::verdict::done;
        if (cookie_.empty()) {
            cookie_ = transaction_.cookie_value();
        }
        return is_done;
    }

private:
    session_options options_;
    std::unique_ptr<session_store> store_ = memory_sessions();
    session_transaction transaction_;
    std::string cookie_;
};

template <class Function>
void visit_in_turn(benchmark::State& state, visits& visitor, Function call) {
    for (auto _ : state) {
        if (!visitor.visit(call)) {
            state.SkipWithError("the store failed");
            return;
        }
    }
}

// What there is to compare with: a counter in the session.
void BM_visit_counter(benchmark::State& state) {
    visits visitor;
    visit_in_turn(state, visitor,
                  [](session& visited) { visited.set("count", visited.value("count", 0) + 1); });
}
BENCHMARK(BM_visit_counter);

void BM_visit_without_data(benchmark::State& state) {
    visits visitor;
    visit_in_turn(state, visitor, [](session& visited) {
        machine<light> flow(visited, now);
        benchmark::DoNotOptimize(flow.try_apply(flip{}).what);
    });
}
BENCHMARK(BM_visit_without_data);

void BM_visit_with_cart(benchmark::State& state) {
    visits visitor;
    visitor.visit([](session& visited) {
        machine<checkout> flow(visited, now);
        fill(flow);
    });
    visit_in_turn(state, visitor, [](session& visited) {
        machine<checkout> flow(visited, now);
        if (!flow.try_apply(check_out{})) {
            benchmark::DoNotOptimize(flow.try_apply(give_up{}).what);
        }
    });
}
BENCHMARK(BM_visit_with_cart);

}  // namespace
