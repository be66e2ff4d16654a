// SPDX-License-Identifier: MIT
#include "session/transaction.hpp"

#include <algorithm>
#include <utility>

namespace cloakroom {

using operation = session_change::operation;

namespace {

std::chrono::seconds touch_interval(const session_options& options) noexcept {
    constexpr std::chrono::seconds most = std::chrono::minutes{5};
    return options.touch_interval.value_or(std::min(options.idle_time / 10, most));
}

}  // namespace

void session_transaction::begin(std::optional<std::string_view> cookie) {
    if (cookie && !cookie->empty()) {
        token_.assign(*cookie);
    } else {
        token_.clear();
    }
    attempts_ = 0;
    open(false);
}

bool session_transaction::loaded(session_load outcome) {
    open(outcome == session_load::found);
    return outcome != session_load::failed;
}

void session_transaction::open(bool is_stored) {
    is_stored_ = is_stored;
    if (!is_stored) {
        stored_.record.values.clear();
        stored_.version = 0;
    }
    cookie_ = cookie_change::none;
    session_.values_ = stored_.record.values;
    session_.access_count_ = 0;
    session_.has_read_all_ = false;
    session_.was_asked_ = false;
    session_.is_stored_ = is_stored;
    session_.ends_ = false;
    session_.effects_.clear();
}

bool session_transaction::was_used() const noexcept {
    return session_.access_count_ != 0 || session_.has_read_all_ || session_.was_asked_ ||
           session_.ends_;
}

std::optional<session_change> session_transaction::change(bool rolls_back, session_time now,
                                                          const session_options& options) {
    const auto made = [this](operation what) {
        operation_ = what;
        committed_.token.clear();
        committed_.version = 0;
        return session_change{what, token_, stored_.version, next_};
    };
    if (session_.ends_) {
        if (is_stored_) {
            return made(operation::erase);  // the cookie goes once the store has agreed
        }
        cookie_ = has_token() ? cookie_change::remove : cookie_change::none;
        return std::nullopt;
    }
    const bool is_dirty = !rolls_back && session_.values_ != stored_.record.values;
    next_.issued = is_stored_ ? stored_.record.issued : now;
    next_.absolute_deadline =
        is_stored_ ? stored_.record.absolute_deadline : now + options.absolute_time;
    next_.idle_deadline = std::min(now + options.idle_time, next_.absolute_deadline);
    const auto gained = next_.idle_deadline - stored_.record.idle_deadline;
    const bool is_due = is_stored_ && (stored_.wants_renewal ||
                                       (gained.count() > 0 && gained >= touch_interval(options)));
    if (!is_dirty && !is_due) {
        return std::nullopt;
    }
    next_.values = is_dirty ? session_.values_ : stored_.record.values;
    slides_cookie_ = options.persistent;
    if (!is_dirty) {
        return made(operation::touch);
    }
    return made(is_stored_ ? operation::replace : operation::insert);
}

session_transaction::verdict session_transaction::settle(session_commit outcome, bool may_rerun) {
    switch (outcome) {
        case session_commit::committed:
            if (operation_ == operation::erase) {
                cookie_ = cookie_change::remove;
            } else if ((!committed_.token.empty() || slides_cookie_)) {
                cookie_ = cookie_change::set;
            }
            return verdict::done;
        case session_commit::too_large:
            return operation_ == operation::touch ? verdict::done : verdict::too_large;
        case session_commit::unavailable:
            return operation_ == operation::touch ? verdict::done : verdict::unavailable;
        case session_commit::conflict:
        case session_commit::gone:
            break;
    }
    if (operation_ == operation::erase) {  // another request has ended it
        cookie_ = cookie_change::remove;
        return verdict::done;
    }
    if (operation_ == operation::touch) {
        return verdict::done;
    }
    if (++attempts_ >= max_attempts) {
        return verdict::conflict;
    }
    if (outcome == session_commit::conflict && is_disjoint(committed_.current.record.values)) {
        rebase();
        return verdict::commit_again;
    }
    return may_rerun ? verdict::rerun : verdict::conflict;
}

bool session_transaction::is_disjoint(const session_values& theirs) const {
    if (session_.has_read_all_) {
        return false;
    }
    const session_values& before = stored_.record.values;
    return std::all_of(
        session_.accesses_.begin(),
        session_.accesses_.begin() + static_cast<std::ptrdiff_t>(session_.access_count_),
        [&](const auto& access) { return before.find(access.key) == theirs.find(access.key); });
}

void session_transaction::rebase() {
    session_values merged = committed_.current.record.values;
    for (std::size_t index = 0; index < session_.access_count_; ++index) {
        const auto& access = session_.accesses_[index];
        if (!access.was_written) {
            continue;
        }
        if (const auto mine = session_.values_.find(access.key)) {
            merged.set(access.key, *mine);
        } else {
            merged.erase(access.key);
        }
    }
    stored_ = committed_.current;
    session_.values_ = std::move(merged);
}

std::string_view session_transaction::cookie_value() const noexcept {
    return committed_.token.empty() ? token_.text() : committed_.token.text();
}

std::vector<std::function<void()>> session_transaction::take_effects() noexcept {
    return std::exchange(session_.effects_, {});
}

}  // namespace cloakroom
