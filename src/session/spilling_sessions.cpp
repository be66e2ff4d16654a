// SPDX-License-Identifier: MIT
#include "session/spilling_sessions.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom {
namespace {

using operation = session_change::operation;

constexpr char reference_mark = '~';

bool is_reference(const session_token& token) noexcept {
    return !token.empty() && token.text().front() == reference_mark;
}

// The token in the larger store. REQUIRES: is_reference(token).
session_token referred(const session_token& token) {
    return session_token{std::string{token.text().substr(1)}};
}

void refer_to(session_token& token) {
    if (!token.empty()) {
        token.assign(std::string{reference_mark}.append(token.text()));
    }
}

class spilling_store : public session_store {
public:
    spilling_store(std::unique_ptr<session_store> cookie, std::shared_ptr<session_store> larger)
        : cookie_(std::move(cookie)), larger_(std::move(larger)) {}

    void prepare(const session_setting& setting) override {
        cookie_->prepare(setting);
        larger_->prepare(setting);
    }

    [[nodiscard]] session_capabilities capabilities() const noexcept override {
        const session_capabilities one = cookie_->capabilities();
        const session_capabilities other = larger_->capabilities();
        return {.compare_and_swap = one.compare_and_swap && other.compare_and_swap,
                .revocable = one.revocable && other.revocable,
                .ends_by_owner = one.ends_by_owner && other.ends_by_owner,
                .owner_index = one.owner_index && other.owner_index,
                .confidential = one.confidential && other.confidential,
                .bounded = other.bounded};
    }

    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override {
        return is_reference(token) ? larger_->load(referred(token), now, into)
                                   : cookie_->load(token, now, into);
    }

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        if (change.what != operation::insert && is_reference(change.token)) {
            const session_token there = referred(change.token);
            return commit_larger({change.what, there, change.expected, change.record}, now, into);
        }
        const session_commit outcome = cookie_->commit(change, now, into);
        if (outcome != session_commit::too_large) {
            return outcome;
        }
        into = {};
        if (change.what == operation::touch) {  // a later time can take a byte more
            return spill_touched(change, now, into);
        }
        return spill(change.record, now, into);
    }

    // Both may hold sessions of any owner.
    [[nodiscard]] session_commit end_all(std::string_view owner, const session_token* spared,
                                         session_time now) override {
        const bool is_there = spared != nullptr && is_reference(*spared);
        const session_token there = is_there ? referred(*spared) : session_token{};
        const session_commit larger = larger_->end_all(owner, is_there ? &there : nullptr, now);
        const session_commit cookie = cookie_->end_all(owner, is_there ? nullptr : spared, now);
        return larger == session_commit::committed ? cookie : larger;
    }

    [[nodiscard]] bool ping(session_time now) override { return larger_->ping(now); }
    [[nodiscard]] session_metrics metrics() const override { return larger_->metrics(); }

private:
    session_commit spill(const session_record& record, session_time now, session_committed& into) {
        const session_token none;
        return commit_larger({operation::insert, none, 0, record}, now, into);
    }

    session_commit spill_touched(const session_change& change, session_time now,
                                 session_committed& into) {
        stored_session stored;
        const session_load outcome = cookie_->load(change.token, now, stored);
        if (outcome != session_load::found) {
            return outcome == session_load::failed ? session_commit::unavailable
                                                   : session_commit::gone;
        }
        stored.record.used = change.record.used;
        stored.record.idle_deadline =
            std::min(change.record.idle_deadline, stored.record.absolute_deadline);
        return spill(stored.record, now, into);
    }

    session_commit commit_larger(const session_change& change, session_time now,
                                 session_committed& into) {
        const session_commit outcome = larger_->commit(change, now, into);
        refer_to(into.token);
        return outcome;
    }

    std::unique_ptr<session_store> cookie_;
    std::shared_ptr<session_store> larger_;
};

}  // namespace

std::unique_ptr<session_store> spilling(std::unique_ptr<session_store> cookie,
                                        std::shared_ptr<session_store> larger) {
    return std::make_unique<spilling_store>(std::move(cookie), std::move(larger));
}

}  // namespace cloakroom
