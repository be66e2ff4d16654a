// SPDX-License-Identifier: MIT
// A session store that passes on what it is asked to another one: the base of stores that count,
// and of stores that are wrong on purpose.
#pragma once

#include <cloakroom/session_store.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace cloakroom::serialisability {

class passing_store : public session_store {
public:
    explicit passing_store(std::shared_ptr<session_store> inner) : inner_(std::move(inner)) {}

    void prepare(const session_setting& setting) override { inner_->prepare(setting); }

    [[nodiscard]] session_capabilities capabilities() const noexcept override {
        return inner_->capabilities();
    }

    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override {
        return inner_->load(token, now, into);
    }

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        return inner_->commit(change, now, into);
    }

    [[nodiscard]] session_load list(std::string_view owner, const session_token& current,
                                    session_time now, std::vector<session_summary>& into) override {
        return inner_->list(owner, current, now, into);
    }

    [[nodiscard]] session_commit end(std::string_view owner, std::string_view handle,
                                     session_time now) override {
        return inner_->end(owner, handle, now);
    }

    [[nodiscard]] session_commit end_all(std::string_view owner, const session_token* spared,
                                         session_time now) override {
        return inner_->end_all(owner, spared, now);
    }

    [[nodiscard]] session_metrics metrics() const override { return inner_->metrics(); }

protected:
    [[nodiscard]] session_store& inner() noexcept { return *inner_; }

private:
    std::shared_ptr<session_store> inner_;
};

/// Counts the replacements and renamings for which another commit came first.
class counting_store : public passing_store {
public:
    using passing_store::passing_store;

    std::atomic<std::uint64_t> overtaken = 0;

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        const session_commit result = passing_store::commit(change, now, into);
        const bool is_late = result == session_commit::conflict || result == session_commit::gone;
        const bool replaces = change.what == session_change::operation::replace ||
                              change.what == session_change::operation::rename;
        if (replaces && is_late) {
            ++overtaken;
        }
        return result;
    }
};

/// Says "yes" to every n-th question, whoever asks.
class every_nth {
public:
    explicit every_nth(unsigned n) : n_(n) {}
    [[nodiscard]] bool operator()() noexcept { return ++asked_ % n_ == 0; }

private:
    unsigned n_;
    std::atomic<unsigned> asked_ = 0;
};

/// Loses some answers: half of those commits are made, half are not.
class unreliable_store : public passing_store {
public:
    using passing_store::passing_store;

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        if (change.what == session_change::operation::insert || !fails_()) {
            return passing_store::commit(change, now, into);
        }
        if (is_made_()) {
            static_cast<void>(passing_store::commit(change, now, into));
        }
        return session_commit::unavailable;
    }

private:
    every_nth fails_{40};
    every_nth is_made_{2};
};

}  // namespace cloakroom::serialisability
