// SPDX-License-Identifier: MIT
#include "workload.hpp"

#include "plan.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <future>
#include <iterator>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom::serialisability {
namespace {

constexpr key_number keys = 5;

// A session that is in use.
struct shared_session {
    std::uint32_t number = 0;
    std::string token;
    unsigned left = 0;  // transactions
};

// What all clients share.
struct meeting_point {
    explicit meeting_point(unsigned sessions) : slots(sessions) {}

    struct slot {
        std::mutex mutex;
        shared_session session;
    };
    std::vector<slot> slots;
    std::atomic<tick> clock = 1;
    std::atomic<version> last_version = as_begun;
    std::atomic<std::uint32_t> last_session = 0;
};

class client {
public:
    client(const workload& settings, meeting_point& shared, unsigned number, transport send)
        : settings_(&settings),
          shared_(&shared),
          number_(number),
          send_(std::move(send)),
          random_(settings.seed * 1000 + number) {}

    recording run() {
        const std::size_t mine = settings_->transactions / settings_->clients;
        recorded_.transactions.reserve(mine);
        while (recorded_.transactions.size() < mine) {
            transact(choose_session());
        }
        return std::move(recorded_);
    }

private:
    [[nodiscard]] std::size_t below(std::size_t bound) { return random_() % bound; }
    [[nodiscard]] bool one_in(std::size_t chances) { return below(chances) == 0; }

    // One that has had its transactions makes room for a new one. Its token may be under way still.
    shared_session choose_session() {
        meeting_point::slot& slot = shared_->slots[below(shared_->slots.size())];
        const std::scoped_lock lock{slot.mutex};
        if (slot.session.left == 0) {
            const std::uint32_t number = ++shared_->last_session;
            answer begun = send_(method::post, "/begin/" + std::to_string(number), {});
            if (begun.status != 200 || begun.token.empty()) {
                throw std::logic_error("no session: " + std::to_string(begun.status));
            }
            slot.session = {number, std::move(begun.token), settings_->session_length};
        }
        --slot.session.left;
        return slot.session;
    }

    [[nodiscard]] plan make_plan(unsigned transactions_left) {
        plan result;
        const bool only_reads = one_in(4);
        const bool is_late = transactions_left < settings_->session_length / 4;
        result.ends = is_late && one_in(20);
        result.fails = !result.ends && one_in(20);
        for (key_number key = 1; key <= keys; ++key) {
            if (!one_in(3)) {
                continue;
            }
            step next{.key = key};
            if (!only_reads && !result.ends && !one_in(3)) {
                next.made = ++shared_->last_version;
                next.erases = one_in(5);
            }
            result.steps.push_back(next);
        }
        return result;
    }

    [[nodiscard]] std::pair<method, std::string_view> choose_route() {
        static constexpr std::array<std::pair<method, std::string_view>, 9> routes{{
            {method::get, "/plain/"},
            {method::put, "/plain/"},
            {method::post, "/plain/"},
            {method::patch, "/plain/"},
            {method::post, "/again/"},
            {method::get, "/later/"},
            {method::post, "/later/"},
            {method::get, "/worker/"},
            {method::post, "/worker/"},
        }};
        return routes[below(routes.size())];
    }

    void transact(const shared_session& on) {
        const plan what = make_plan(on.left);
        const auto [verb, route] = choose_route();
        transaction one;
        one.session = on.number;
        one.client = number_;
        one.ends = what.ends;
        one.begin = shared_->clock++;
        const answer got = send_(verb, std::string{route} + what.text(), on.token);
        one.end = shared_->clock++;
        for (const step& each : what.steps) {
            one.accesses.push_back({.key = each.key, .made = each.made});
        }
        take(got, one);
        recorded_.conflicts += got.status == 409 ? 1U : 0U;
        recorded_.transactions.push_back(std::move(one));
    }

    static void take(const answer& got, transaction& into) {
        if (got.status == 409 || got.status == 422) {
            into.outcome = outcome::refused;
            return;
        }
        if (got.status == 0 || got.status == 503) {
            into.outcome = outcome::unknown;
            into.saw = sighting::none;
            into.end = never;
            return;
        }
        if (got.status != 200) {
            throw std::logic_error("unexpected answer: " + std::to_string(got.status) + got.body);
        }
        const observation saw = observation::parse(got.body);
        if (saw.seen.size() != into.accesses.size()) {
            throw std::logic_error("another plan's answer: " + got.body);
        }
        for (std::size_t index = 0; index < saw.seen.size(); ++index) {
            into.accesses[index].seen = saw.seen[index];
        }
        into.saw = saw.born == into.session ? sighting::alive
                   : saw.born == 0          ? sighting::gone
                                            : sighting::foreign;
    }

    const workload* settings_;
    meeting_point* shared_;
    unsigned number_;
    transport send_;
    std::mt19937 random_;
    recording recorded_;
};

}  // namespace

recording workload::run(const std::function<transport()>& connect) const {
    meeting_point shared(sessions);
    std::vector<std::future<recording>> parts;
    for (unsigned number = 0; number < clients; ++number) {
        parts.push_back(std::async(std::launch::async, [this, &shared, &connect, number] {
            return client(*this, shared, number, connect()).run();
        }));
    }
    recording result;
    for (std::future<recording>& each : parts) {
        recording part = each.get();
        std::move(part.transactions.begin(), part.transactions.end(),
                  std::back_inserter(result.transactions));
        result.conflicts += part.conflicts;
    }
    return result;
}

}  // namespace cloakroom::serialisability
