// SPDX-License-Identifier: MIT
#include "session/transaction.hpp"

#include "session/reserved_keys.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace cloakroom {

namespace {

using operation = session_change::operation;

// Most sessions have no owner and no label, and std::string copies nothing in many steps.
void copy_name(const std::string& from, std::string& to) {
    if (!from.empty() || !to.empty()) {
        to = from;
    }
}

std::chrono::seconds touch_interval(const session_options& options) noexcept {
    constexpr std::chrono::seconds most = std::chrono::minutes{5};
    return options.touch_interval.value_or(std::min(options.idle_time / 10, most));
}

}  // namespace

void session_transaction::begin(std::optional<std::string_view> cookie) {
    attempts_ = 0;
    if (cookie && !cookie->empty()) {
        token_.assign(*cookie);
        forget_stored();  // a store may leave parts of it alone; loaded() does the rest
        return;
    }
    token_.clear();
    open(false);
}

session_transaction::opening session_transaction::loaded(session_load outcome) {
    try {
        if (outcome == session_load::found && !bring_up_to_date(stored_.record.values)) {
            open(false);
            return opening::is_newer;
        }
    } catch (...) {  // of migrate()
        open(false);
        throw;
    }
    open(outcome == session_load::found);
    switch (outcome) {
        case session_load::found:
        case session_load::absent:
        case session_load::invalid:
            return opening::opened;
        case session_load::failed:
            break;
    }
    return opening::store_failed;  // also what no store should answer
}

// Migrates contents of an older version. @return False for those of a newer one.
bool session_transaction::bring_up_to_date(session_values& values) const {
    const session_schema& schema = options_->schema;
    if (schema.version == 0) {
        return true;
    }
    unsigned from = 0;
    if (const auto json = values.find(schema_key)) {
        const char* const end = json->data() + json->size();
        const auto [rest, error] = std::from_chars(json->data(), end, from);
        if (error != std::errc{} || rest != end) {
            return false;
        }
    }
    if (from >= schema.version) {
        return from == schema.version;
    }
    class session contents;
    contents.values_ = values;
    if (schema.migrate) {
        schema.migrate(contents, from);
    }
    contents.set(schema_key, schema.version);
    values = std::move(contents.values_);
    return true;
}

void session_transaction::forget_stored() noexcept {
    stored_.record.values.clear();
    stored_.record.owner.clear();
    stored_.record.label.clear();
    stored_.version = 0;
    stored_.may_be_stale = false;
}

// Makes the session what is stored, or a fresh one.
void session_transaction::open(bool is_stored) {
    is_stored_ = is_stored;
    if (!is_stored) {
        forget_stored();
    }
    cookie_ = cookie_change::none;
    owned.clear();
    session_.values_ = stored_.record.values;
    copy_name(stored_.record.owner, session_.owner_);
    copy_name(stored_.record.label, session_.label_);
    session_.issued_ = is_stored ? stored_.record.issued : session_time{};
    session_.access_count_ = 0;
    session_.has_read_all_ = false;
    session_.was_asked_ = false;
    session_.is_stored_ = is_stored;
    session_.ends_ = false;
    session_.renews_ = false;
    session_.elevates_ = false;
    session_.ends_others_ = false;
    session_.may_rerun_ = false;
    session_.effects_.clear();
    session_.endings_.clear();
}

void session_transaction::ended(session_commit outcome) {
    if (outcome == session_commit::committed) {
        session_.endings_.erase(session_.endings_.begin());
    } else {
        session_.endings_.clear();
    }
}

bool session_transaction::was_used() const noexcept {
    return session_.access_count_ != 0 || session_.has_read_all_ || session_.was_asked_ ||
           session_.ends_ || session_.renews_ || !session_.endings_.empty();
}

std::optional<session_change> session_transaction::change(bool rolls_back, session_time now) {
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
    const bool is_dirty = !rolls_back && (session_.values_ != stored_.record.values ||
                                          session_.label_ != stored_.record.label ||
                                          (stored_.may_be_stale && has_written()));
    make_next(is_dirty, rolls_back, now);
    slides_cookie_ = options_->persistent;
    if (!rolls_back && (session_.elevates_ || (session_.renews_ && is_stored_))) {
        return made(is_stored_ ? operation::rename : operation::insert);
    }
    if (is_dirty) {
        return made(is_stored_ ? operation::replace : operation::insert);
    }
    const auto gained = next_.idle_deadline - stored_.record.idle_deadline;
    if (is_stored_ &&
        (stored_.wants_renewal || (gained.count() > 0 && gained >= touch_interval(*options_)))) {
        return made(operation::touch);
    }
    return std::nullopt;
}

bool session_transaction::has_written() const noexcept {
    return std::any_of(
        session_.accesses_.begin(),
        session_.accesses_.begin() + static_cast<std::ptrdiff_t>(session_.access_count_),
        [](const auto& access) { return access.was_written; });
}

// What the session becomes.
void session_transaction::make_next(bool is_dirty, bool rolls_back, session_time now) {
    const session_record& before = stored_.record;
    const bool begins = !is_stored_ || (session_.elevates_ && !rolls_back);
    const bool is_reissued = begins || (session_.ends_others_ && !rolls_back);
    next_.issued = is_reissued ? now : before.issued;
    next_.used = now;
    next_.absolute_deadline = begins ? now + options_->absolute_time : before.absolute_deadline;
    next_.idle_deadline = std::min(now + options_->idle_time, next_.absolute_deadline);
    copy_name(rolls_back ? before.owner : session_.owner_, next_.owner);
    copy_name(is_dirty ? session_.label_ : before.label, next_.label);
    next_.values = is_dirty ? session_.values_ : before.values;
    if (options_->schema.version != 0 && !is_stored_ && !next_.values.empty()) {
        next_.values.set(schema_key, std::to_string(options_->schema.version));
    }
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
        case session_commit::conflict:
        case session_commit::gone:
            return settle_race(outcome, may_rerun || session_.may_rerun_);
        case session_commit::unavailable:
            break;
    }
    // Also what no store should answer.
    return operation_ == operation::touch ? verdict::done : verdict::unavailable;
}

// Another request has changed the session meanwhile, or ended it.
session_transaction::verdict session_transaction::settle_race(session_commit outcome,
                                                              bool may_rerun) {
    if (operation_ == operation::erase) {
        cookie_ = cookie_change::remove;
        return verdict::done;
    }
    if (operation_ == operation::touch) {
        return verdict::done;
    }
    if (++attempts_ >= max_attempts) {
        return verdict::conflict;
    }
    stored_session& theirs = committed_.current;
    if (outcome == session_commit::conflict) {
        if (!bring_up_to_date(theirs.record.values)) {
            return verdict::unavailable;
        }
        if (is_disjoint(theirs.record.values)) {
            rebase();
            return verdict::commit_again;
        }
    } else if (session_.elevates_) {
        // The visitor has just proved who they are, so a new session may begin: with what this
        // handler wrote alone, for what the ended one held is gone.
        theirs = {};
        if (is_disjoint(theirs.record.values)) {
            rebase();
            is_stored_ = false;
            return verdict::commit_again;
        }
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
    if (session_.label_ == stored_.record.label) {
        session_.label_ = committed_.current.record.label;
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
