// SPDX-License-Identifier: MIT
#include "session/contract/subject.hpp"

#include <algorithm>
#include <exception>
#include <latch>
#include <thread>
#include <utility>

namespace cloakroom::testing {

std::string name_of(session_commit outcome) {
    switch (outcome) {
        case session_commit::committed:
            return "committed";
        case session_commit::conflict:
            return "conflict";
        case session_commit::gone:
            return "gone";
        case session_commit::too_large:
            return "too_large";
        case session_commit::unavailable:
            return "unavailable";
    }
    return "no outcome at all";
}

std::string name_of(session_load outcome) {
    switch (outcome) {
        case session_load::found:
            return "found";
        case session_load::absent:
            return "absent";
        case session_load::invalid:
            return "invalid";
        case session_load::failed:
            return "failed";
    }
    return "no outcome at all";
}

subject::subject(const session_store_under_test& given, bool is_development)
    : given_(given), store_(given.make()) {
    store_->prepare({.cookie_name = is_development ? "session" : "__Host-session",
                     .development = is_development,
                     .idle_time = idle_time,
                     .absolute_time = absolute_time});
    can_ = store_->capabilities();
}

bool subject::expect(bool holds, const std::string& otherwise) {
    if (!holds) {
        const std::scoped_lock lock{mutex_};
        if (std::find(found_.begin(), found_.end(), otherwise) == found_.end()) {
            found_.push_back(otherwise);
        }
    }
    return holds;
}

session_record subject::record(std::string_view json, session_time issued) {
    session_record made;
    made.values.set("count", json);
    made.issued = issued;
    made.used = issued;
    made.idle_deadline = issued + idle_time;
    made.absolute_deadline = issued + absolute_time;
    return made;
}

session_record subject::owned(std::string_view owner, std::string_view label, session_time issued) {
    session_record made = record("1", issued);
    made.owner = owner;
    made.label = label;
    return made;
}

commit_answer subject::commit(operation what, const session_token& token, session_version expected,
                              const session_record& record, session_time now) {
    // As from another request: without what the token remembers.
    const session_token sent{std::string{token.text()}};
    session_committed into;
    commit_answer answer;
    answer.outcome = store_->commit({what, sent, expected, record}, now, into);
    answer.has_new_token = !into.token.empty();
    answer.token = answer.has_new_token ? into.token : sent;
    answer.version = into.version;
    answer.current = std::move(into.current);
    return answer;
}

commit_answer subject::begin(const session_record& record, session_time now) {
    commit_answer answer = commit(operation::insert, {}, 0, record, now);
    if (!expect(answer.outcome == session_commit::committed && answer.has_new_token,
                "an insert was answered " + name_of(answer.outcome) +
                    (answer.has_new_token ? "" : ", without a token"))) {
        throw rule_ends{};
    }
    return answer;
}

session_load subject::load(const session_token& token, session_time now) {
    stored_session ignored;
    return store_->load(session_token{std::string{token.text()}}, now, ignored);
}

stored_session subject::open(const session_token& token, session_time now) {
    stored_session into;
    const session_load outcome = store_->load(session_token{std::string{token.text()}}, now, into);
    if (!expect(outcome == session_load::found,
                "the load of a live session was answered " + name_of(outcome))) {
        throw rule_ends{};
    }
    return into;
}

std::vector<session_summary> subject::list(std::string_view owner, const session_token& current,
                                           session_time now) {
    std::vector<session_summary> into;
    const session_load outcome = store_->list(owner, current, now, into);
    expect(outcome == session_load::found, "a list was answered " + name_of(outcome));
    return into;
}

bool subject::is_same(const session_record& left, const session_record& right) const {
    return left.values == right.values &&
           (!given_.keeps_names || (left.owner == right.owner && left.label == right.label)) &&
           (!given_.keeps_times || (left.issued == right.issued && left.used == right.used &&
                                    left.idle_deadline == right.idle_deadline &&
                                    left.absolute_deadline == right.absolute_deadline));
}

void subject::race(unsigned threads, const std::function<void(unsigned thread)>& work) {
    std::latch ready{threads};
    std::vector<std::thread> running;
    running.reserve(threads);
    for (unsigned thread = 0; thread < threads; ++thread) {
        running.emplace_back([&, thread] {
            ready.arrive_and_wait();
            try {
                work(thread);
            } catch (const rule_ends&) {
                // noted
            } catch (const std::exception& error) {
                expect(false, std::string{"it threw: "} + error.what());
            }
        });
    }
    for (std::thread& each : running) {
        each.join();
    }
}

violations examine(const session_store_under_test& given,
                   const std::function<void(subject& tried)>& rule, bool is_development) {
    try {
        subject tried(given, is_development);
        try {
            rule(tried);
        } catch (const rule_ends&) {
            // noted
        } catch (const std::exception& error) {
            tried.expect(false, std::string{"it threw: "} + error.what());
        }
        return tried.found();
    } catch (const std::exception& error) {
        return {std::string{"it cannot be prepared: "} + error.what()};
    }
}

}  // namespace cloakroom::testing
