// SPDX-License-Identifier: MIT
#include "workload.hpp"

#include "owner_ends.hpp"
#include "plan.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
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
constexpr std::size_t owners = 2;  // at a time

// So many transactions more on a session that was found gone.
constexpr unsigned most_late = 20;

// So long a client tries to begin a session while the servers fail.
constexpr std::chrono::seconds longest_beginning{30};

// Whether the answer does not say what has happened.
bool is_unknown(const answer& got) noexcept {
    return got.status == 0 || got.status == 503;
}

// A session that is in use.
struct shared_session {
    std::uint32_t number = 0;
    std::string token;
    unsigned left = 0;        // transactions
    std::uint32_t owner = 0;  // 0: nobody
};

// What all clients share.
struct meeting_point {
    explicit meeting_point(unsigned sessions) : slots(sessions) {
        for (std::atomic<std::uint32_t>& owner : current_owners) {
            owner = ++last_owner;
        }
    }

    struct slot {
        std::mutex mutex;
        shared_session session;
    };
    // Nanoseconds, no two the same.
    [[nodiscard]] tick now() {
        const auto since = std::chrono::steady_clock::now() - start;
        const auto at = static_cast<tick>(std::chrono::nanoseconds{since}.count());
        tick last = last_tick.load();
        tick next = std::max(at, last + 1);
        while (!last_tick.compare_exchange_weak(last, next)) {
            next = std::max(at, last + 1);
        }
        return next;
    }

    std::vector<slot> slots;
    const std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    std::atomic<tick> last_tick = 0;
    std::atomic<version> last_version = as_begun;
    std::atomic<std::uint32_t> last_session = 0;
    std::atomic<std::uint32_t> last_owner = 0;
    std::array<std::atomic<std::uint32_t>, owners> current_owners{};
};

// What a client writes down.
struct notebook {
    recording recorded;
    std::vector<owned_session> owned;
    std::vector<owner_end> ends;
};

template <class Element>
void append(std::vector<Element> part, std::vector<Element>& to) {
    std::move(part.begin(), part.end(), std::back_inserter(to));
}

class client {
public:
    client(const workload& settings, meeting_point& shared, unsigned number, transport send)
        : settings_(&settings),
          shared_(&shared),
          number_(number),
          send_(std::move(send)),
          random_(settings.seed * 1000 + number) {}

    notebook run() {
        const std::size_t mine = settings_->transactions / settings_->clients;
        notes_.recorded.transactions.reserve(mine);
        for (std::size_t sent = 0; sent < mine; ++sent) {
            meeting_point::slot& slot = shared_->slots[below(shared_->slots.size())];
            transact(choose_session(slot), slot);
        }
        return std::move(notes_);
    }

private:
    [[nodiscard]] std::size_t below(std::size_t bound) { return random_() % bound; }
    [[nodiscard]] bool one_in(std::size_t chances) { return below(chances) == 0; }

    // One that has had its transactions makes room for a new one. Its token may be under way still.
    shared_session choose_session(meeting_point::slot& slot) {
        const std::scoped_lock lock{slot.mutex};
        if (slot.session.left == 0) {
            slot.session = begin_session();
        }
        --slot.session.left;
        return slot.session;
    }

    // Where that fails it takes another number: nobody knows whether the one before has begun.
    shared_session begin_session() {
        const auto deadline = std::chrono::steady_clock::now() + longest_beginning;
        for (;;) {
            const std::uint32_t number = ++shared_->last_session;
            answer begun = send_(method::post, "/begin/" + std::to_string(number), {});
            if (begun.status == 200 && !begun.token.empty()) {
                return {number, std::move(begun.token), settings_->session_length};
            }
            if (!is_unknown(begun) || std::chrono::steady_clock::now() > deadline) {
                throw std::logic_error("no session: " + std::to_string(begun.status) + begun.body);
            }
        }
    }

    [[nodiscard]] plan make_plan(const shared_session& on) {
        plan result;
        const bool is_late = on.left < settings_->session_length / 4;
        if (is_late && one_in(20)) {
            result.ends = true;
        } else if (one_in(30)) {
            result.renamed_to = ++shared_->last_session;
            result.owner = one_in(2) ? choose_owner() : 0;
        } else if (on.owner != 0 && one_in(100)) {
            result.owner = on.owner;
        } else {
            result.fails = one_in(20);
        }
        add_steps(result);
        return result;
    }

    [[nodiscard]] std::uint32_t choose_owner() { return shared_->current_owners[below(owners)]; }

    // One that renames reads all, so that it is known what the session holds then.
    void add_steps(plan& to) {
        const bool renames = to.renamed_to != 0;
        const bool only_reads = one_in(4) || to.ends || (to.owner != 0 && !renames);
        for (key_number key = 1; key <= keys; ++key) {
            if (!renames && !one_in(3)) {
                continue;
            }
            step next{.key = key};
            if (!only_reads && !one_in(3)) {
                next.made = ++shared_->last_version;
                next.erases = one_in(5);
            }
            to.steps.push_back(next);
        }
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

    void transact(const shared_session& on, meeting_point::slot& slot) {
        const plan what = make_plan(on);
        const auto [verb, route] = choose_route();
        transaction one;
        one.session = on.number;
        one.client = number_;
        one.ends = what.ends || what.renamed_to != 0;
        one.begin = shared_->now();
        const answer got = send_(verb, std::string{route} + what.text(), on.token);
        one.end = shared_->now();
        for (const step& each : what.steps) {
            one.accesses.push_back({.key = each.key, .made = each.made});
        }
        take(got, one);
        notes_.recorded.conflicts += got.status == 409 ? 1U : 0U;
        notes_.recorded.unanswered += one.outcome == outcome::unknown ? 1U : 0U;
        if (what.renamed_to != 0) {
            note_rename(what, one, got, on, slot);
        } else if (what.owner != 0) {
            note_owner_end(what, one);
        }
        if (compares_nothing(what)) {
            allow_staleness(one);
        }
        if (one.saw == sighting::gone) {
            leave(on, slot, most_late);
        }
        notes_.recorded.transactions.push_back(std::move(one));
    }

    // Whether no store compares what it has read: it writes nothing, or ends sessions whatever they
    // hold.
    static bool compares_nothing(const plan& what) {
        return what.renamed_to == 0 &&
               std::all_of(what.steps.begin(), what.steps.end(),
                           [](const step& each) { return each.made == as_begun; });
    }

    // As if it had been sent so much earlier.
    void allow_staleness(transaction& one) const {
        const auto most = static_cast<tick>(std::chrono::nanoseconds{settings_->staleness}.count());
        one.begin -= std::min(one.begin, most);
    }

    // All others on the session get to know of its new token.
    void note_rename(const plan& what, const transaction& one, const answer& got,
                     const shared_session& on, meeting_point::slot& slot) {
        if (one.outcome == outcome::unknown) {
            leave(on, slot, 0);  // nobody may have the new token
        }
        if (one.outcome != outcome::committed || one.saw != sighting::alive) {
            return;
        }
        if (got.token.empty()) {
            throw std::logic_error("no new token: " + got.body);
        }
        ++notes_.recorded.renames;
        transaction begun;
        begun.session = what.renamed_to;
        begun.client = number_;
        begun.begin = one.begin;
        begun.end = one.end;
        for (const access& each : one.accesses) {
            const version held = each.made != as_begun ? each.made : each.seen;
            if (held != as_begun) {
                begun.accesses.push_back({.key = each.key, .made = held});
            }
        }
        notes_.recorded.transactions.push_back(std::move(begun));
        const std::uint32_t owner = what.owner != 0 ? what.owner : on.owner;
        if (owner != 0) {
            notes_.owned.push_back({what.renamed_to, owner, one.begin, one.end});
        }
        const std::scoped_lock lock{slot.mutex};
        if (slot.session.number == on.number) {
            slot.session = {what.renamed_to, got.token, on.left, owner};
        }
    }

    // Where its outcome is unknown it may come late: what belongs to the owner from then on goes to
    // another one.
    void note_owner_end(const plan& what, const transaction& one) {
        const bool is_known = one.outcome == outcome::committed;
        notes_.ends.push_back({what.owner, number_, one.begin, is_known ? one.end : never});
        if (is_known) {
            ++notes_.recorded.owner_ends;
            return;
        }
        for (std::atomic<std::uint32_t>& each : shared_->current_owners) {
            std::uint32_t owner = what.owner;
            each.compare_exchange_strong(owner, ++shared_->last_owner);
        }
    }

    // So many transactions more, unless it has another token now.
    static void leave(const shared_session& on, meeting_point::slot& slot, unsigned most) {
        const std::scoped_lock lock{slot.mutex};
        if (slot.session.number == on.number) {
            slot.session.left = std::min(slot.session.left, most);
        }
    }

    static void take(const answer& got, transaction& into) {
        if (got.status == 409 || got.status == 422) {
            into.outcome = outcome::refused;
            return;
        }
        if (is_unknown(got)) {
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
    notebook notes_;
};

}  // namespace

recording workload::run(const std::function<transport()>& connect) const {
    meeting_point shared(sessions);
    std::vector<std::future<notebook>> parts;
    for (unsigned number = 0; number < clients; ++number) {
        parts.push_back(std::async(std::launch::async, [this, &shared, &connect, number] {
            return client(*this, shared, number, connect()).run();
        }));
    }
    notebook all;
    for (std::future<notebook>& each : parts) {
        notebook part = each.get();
        append(std::move(part.recorded.transactions), all.recorded.transactions);
        append(std::move(part.owned), all.owned);
        append(std::move(part.ends), all.ends);
        all.recorded.conflicts += part.recorded.conflicts;
        all.recorded.unanswered += part.recorded.unanswered;
        all.recorded.renames += part.recorded.renames;
        all.recorded.owner_ends += part.recorded.owner_ends;
    }
    append(ends_of(all.owned, std::move(all.ends)), all.recorded.transactions);
    return std::move(all.recorded);
}

}  // namespace cloakroom::serialisability
