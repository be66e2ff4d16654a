// SPDX-License-Identifier: MIT
// A session store that passes on to another one and fails on command: for tests of what your app
// does when its store is away, and of the store's own users.
#pragma once

#include <cloakroom/session_store.hpp>
#include <cloakroom/testing/store_faults.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom::testing {

/// Thread-safe, as every store. What hangs or answers late blocks its thread: let another one
/// release() it.
///
///     auto store = std::make_shared<faulty_session_store>(cloakroom::memory_sessions());
///     app.sessions(store);
///     store->fault_loads(store_fault::throws);
class faulty_session_store final : public session_store, public store_faults {
public:
    explicit faulty_session_store(std::shared_ptr<session_store> inner)
        : inner_(std::move(inner)) {}

    /// Lets all go on that wait now.
    void release() {
        const std::scoped_lock lock{mutex_};
        ++releases_;
        waiting_ = 0;
        changes_.notify_all();
    }

    /// How many operations wait for release().
    [[nodiscard]] unsigned waiting() const {
        const std::scoped_lock lock{mutex_};
        return waiting_;
    }

    /// Blocks until so many wait.
    void await_waiting(unsigned count) {
        std::unique_lock lock{mutex_};
        changes_.wait(lock, [&] { return waiting_ >= count; });
    }

    void prepare(const session_setting& setting) override { inner_->prepare(setting); }

    [[nodiscard]] session_capabilities capabilities() const noexcept override {
        return inner_->capabilities();
    }

    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override {
        const store_fault what = of_loads();
        return act(what, session_load::failed, [&] {
            const session_load outcome = inner_->load(token, now, into);
            spoil(what, into);
            return outcome;
        });
    }

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        const store_fault what = of_commits();
        return act(what, session_commit::unavailable, [&] {
            const session_commit outcome = inner_->commit(change, now, into);
            spoil(what, into);
            return outcome;
        });
    }

    [[nodiscard]] session_load list(std::string_view owner, const session_token& current,
                                    session_time now, std::vector<session_summary>& into) override {
        return act(of_loads(), session_load::failed,
                   [&] { return inner_->list(owner, current, now, into); });
    }

    [[nodiscard]] session_commit end(std::string_view owner, std::string_view handle,
                                     session_time now) override {
        return act(of_commits(), session_commit::unavailable,
                   [&] { return inner_->end(owner, handle, now); });
    }

    [[nodiscard]] session_commit end_all(std::string_view owner, const session_token* spared,
                                         session_time now) override {
        return act(of_commits(), session_commit::unavailable,
                   [&] { return inner_->end_all(owner, spared, now); });
    }

    [[nodiscard]] bool ping(session_time now) override {
        return act(of_loads(), false, [&] { return inner_->ping(now); });
    }

    [[nodiscard]] session_metrics metrics() const override { return inner_->metrics(); }

private:
    template <class Outcome, class Work>
    Outcome act(store_fault what, Outcome failure, Work work) {
        if (ends_at_once(what)) {
            return failure;
        }
        if (what == store_fault::hangs) {
            wait();
        }
        const Outcome outcome = work();
        if (what == store_fault::answers_late) {
            wait();
        }
        return spoil(what, outcome);
    }

    void wait() {
        std::unique_lock lock{mutex_};
        ++waiting_;
        changes_.notify_all();
        changes_.wait(lock, [this, before = releases_] { return releases_ != before; });
    }

    std::shared_ptr<session_store> inner_;
    mutable std::mutex mutex_;
    std::condition_variable changes_;
    unsigned releases_ = 0;
    unsigned waiting_ = 0;
};

}  // namespace cloakroom::testing
