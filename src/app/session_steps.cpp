// SPDX-License-Identifier: MIT
// The stages of an exchange that deal with its session: load, commit, and what the client is told.
#include "app/dispatcher.hpp"
#include "message/own_fields.hpp"
#include "session/transaction.hpp"

#include <chrono>
#include <ctime>
#include <utility>

namespace cloakroom {
namespace {

using verdict = session_transaction::verdict;

problem store_is_away() {
    return {status::service_unavailable,
            "The session store does not answer.",
            {},
            {{"Retry-After", "1"}}};  // seconds: it is usually short
}

}  // namespace

session_time dispatcher::now() const {
    if (setup_->sessions.clock) {
        return setup_->sessions.clock();
    }
    // time() does not ask for the nanoseconds, and so costs a tenth of system_clock::now().
    return session_time{std::chrono::seconds{std::time(nullptr)}};
}

void dispatcher::ping_store(exchange& on) const {
    on.stage_ = stage::pinged;
    on.store_answers_ = false;
    setup_->backend->ping(on, now(), on.store_answers_);
}

void dispatcher::begin_session(exchange& on) const {
    if (!on.transaction_) {
        on.transaction_ = std::make_unique<session_transaction>();
        on.transaction_->set_up(setup_->sessions, setup_->backend->capabilities());
    }
    on.transaction_->begin(on.request_.cookie(cookie_name_));
    if (on.transaction_->has_token()) {
        on.stage_ = stage::load;
        return load_session(on);
    }
    on.stage_ = stage::before;
    run_before(on);
}

void dispatcher::load_session(exchange& on) const {
    session_transaction& transaction = *on.transaction_;
    on.stage_ = stage::loaded;
    transaction.load_outcome = session_load::failed;
    setup_->backend->load(on, transaction.token(), now(), transaction.stored(),
                          transaction.load_outcome);
    if (goes_on(on)) {
        open_session(on);
    }
}

void dispatcher::log_store_error(const exchange& on,
                                 const std::exception_ptr& error) const noexcept {
    try {
        log_of(on, "session store: " + text_of(error));
    } catch (...) {
        // Out of memory: then without a line.
    }
}

void dispatcher::open_session(exchange& on) const {
    on.stage_ = stage::before;
    session_transaction& transaction = *on.transaction_;
    switch (transaction.loaded(transaction.load_outcome)) {
        case session_transaction::opening::opened:
            break;
        case session_transaction::opening::store_failed:
            throw http_error(store_is_away());
        case session_transaction::opening::is_newer:
            log("a session has contents of a newer version than this program writes: deploy the "
                "newer program everywhere");
            throw http_error(store_is_away());
    }
    if (on.route_->lists_sessions && !transaction.owner().empty()) {
        on.stage_ = stage::listed;
        transaction.load_outcome = session_load::failed;
        setup_->backend->list(on, transaction.owner(), transaction.token(), now(),
                              transaction.owned, transaction.load_outcome);
        return;
    }
    run_before(on);
}

void dispatcher::take_list(exchange& on) const {
    on.stage_ = stage::before;
    if (on.transaction_->load_outcome != session_load::found) {
        throw http_error(store_is_away());
    }
}

// Ends the sessions that the handler named, one after the other.
void dispatcher::end_sessions(exchange& on) const {
    session_transaction& transaction = *on.transaction_;
    const session_transaction::ending& next = *transaction.next_ending();
    on.stage_ = stage::ended;
    transaction.commit_outcome = session_commit::unavailable;
    if (next.handle.empty()) {
        setup_->backend->end_all(on, next.owner, next.spares_this ? &transaction.token() : nullptr,
                                 now(), transaction.commit_outcome);
    } else {
        setup_->backend->end(on, next.owner, next.handle, now(), transaction.commit_outcome);
    }
}

void dispatcher::settle_ending(exchange& on) const {
    on.stage_ = stage::commit;
    const session_commit outcome = on.transaction_->commit_outcome;
    on.transaction_->ended(outcome);
    if (outcome != session_commit::committed) {
        on.has_failed_ = true;
        log_of(on, "503 The session store does not answer.");
        answer_problem(on, store_is_away());
    }
}

// What is thrown in it is thrown at the stage of the commit, and so is the handler's own.
void dispatcher::run_before_commit(exchange& on) const {
    on.stage_ = stage::commit;
    if (to_number(on.response_.status()) >= 500 || on.transaction_->ends()) {
        return;
    }
    for (std::size_t index = on.entered_; index != 0; --index) {
        on.route_->chain[index - 1]->before_commit(on);
    }
}

void dispatcher::commit_session(exchange& on) const {
    session_transaction& transaction = *on.transaction_;
    if (transaction.next_ending() != nullptr) {
        return end_sessions(on);
    }
    on.stage_ = stage::after;  // what is thrown until the store is asked is an error: none is
    const bool rolls_back = on.has_failed_ || to_number(on.response_.status()) >= 500;
    const session_time at = now();
    const std::optional<session_change> change = transaction.change(rolls_back, at);
    if (!change) {
        return finish_session(on);
    }
    on.stage_ = stage::settle;
    transaction.commit_outcome = session_commit::unavailable;
    setup_->backend->commit(on, *change, at, transaction.committed(), transaction.commit_outcome);
    if (goes_on(on)) {
        settle_session(on);
    }
}

void dispatcher::settle_session(exchange& on) const {
    session_transaction& transaction = *on.transaction_;
    on.stage_ = stage::after;  // what is thrown from here on is not the store's
    const bool may_rerun = on.route_->reruns || is_idempotent(on.request_.method());
    switch (transaction.settle(transaction.commit_outcome, may_rerun)) {
        case verdict::done:
            break;
        case verdict::commit_again:
            on.stage_ = stage::commit;
            return;
        case verdict::rerun:
            on.response_.reset();
            on.kept_.clear();
            on.entered_ = 0;
            on.stage_ = transaction.has_token() ? stage::load : stage::before;
            return;
        case verdict::conflict:
            on.has_failed_ = true;
            answer_problem(on, {status::conflict,
                                "Another request changed the session at the same time. Try again.",
                                {},
                                {}});
            break;
        case verdict::too_large:
            on.has_failed_ = true;
            log("the session is too large for its store, and was not stored: keep less in it, or "
                "use a store on the server");
            answer_problem(on, {status::internal_server_error, {}, {}, {}});
            break;
        case verdict::unavailable:
            on.has_failed_ = true;
            log_of(on, "503 The session store does not answer.");
            answer_problem(on, store_is_away());
            break;
    }
    finish_session(on);
}

void dispatcher::finish_session(exchange& on) const {
    session_transaction& transaction = *on.transaction_;
    on.stage_ = stage::after;
    on.kept_.clear();
    set_session_fields(on);
    const std::vector<std::function<void()>> effects = transaction.take_effects();
    if (on.has_failed_ || to_number(on.response_.status()) >= 500) {
        return run_after(on);
    }
    for (const std::function<void()>& effect : effects) {
        try {
            effect();
        } catch (...) {
            log("after_commit: " + text_of(std::current_exception()));
        }
    }
    run_after(on);
}

// All of them at once, for the common case.
void dispatcher::set_session_fields(exchange& on) const {
    using cookie_change = session_transaction::cookie_change;
    const session_transaction& transaction = *on.transaction_;
    const cookie_change cookie = transaction.cookie();
    own_fields fields(on.response_);
    std::string_view vary;
    if (transaction.was_used()) {
        if (fields.has("Vary")) {
            on.response_.add_to_list("Vary", "Cookie");
        } else {
            vary = "Vary: Cookie\r\n";
        }
    }
    if (cookie == cookie_change::none) {
        return fields.append({vary});
    }
    const bool is_set = cookie == cookie_change::set;
    fields.append({vary, cookie_start_, is_set ? transaction.cookie_value() : std::string_view{},
                   is_set ? cookie_end_ : cookie_removal_,
                   fields.has("Cache-Control") ? "" : "Cache-Control: no-store\r\n"});
}

}  // namespace cloakroom
