// SPDX-License-Identifier: MIT
// An async_session_store that passes on to another store and fails on command, as
// faulty_session_store, but without blocking a thread when it hangs.
#pragma once

#include <cloakroom/async_session_store.hpp>
#include <cloakroom/testing/store_faults.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace cloakroom::testing {

/// Thread-safe, as every store; release() may be called by any thread. Must outlive the event loops
/// that its operations run on, which who gives it to an app by a shared_ptr need not care about.
class faulty_async_session_store final : public async_session_store, public store_faults {
public:
    explicit faulty_async_session_store(std::shared_ptr<async_session_store> inner);
    /// Around a store that answers at once.
    explicit faulty_async_session_store(std::shared_ptr<session_store> inner);
    ~faulty_async_session_store() override;

    /// Whether what hangs or answers late goes on when it is cancelled. If not, it waits for
    /// release() in any case. As it is when an operation begins to wait.
    void honour_cancellation(bool honours) noexcept { honours_ = honours; }

    /// Lets all go on that wait now.
    void release();

    /// How many operations wait for release(). One that was destroyed does not.
    [[nodiscard]] std::size_t waiting() const;

    /// Blocks until exactly so many wait.
    void await_waiting(std::size_t count);

    void prepare(const session_setting& setting) override;
    [[nodiscard]] session_capabilities capabilities() const noexcept override;
    [[nodiscard]] task<session_load> load(const session_token& token, session_time now,
                                          stored_session& into) override;
    [[nodiscard]] task<session_commit> commit(session_change change, session_time now,
                                              session_committed& into) override;
    [[nodiscard]] task<session_load> list(std::string_view owner, const session_token& current,
                                          session_time now,
                                          std::vector<session_summary>& into) override;
    [[nodiscard]] task<session_commit> end(std::string_view owner, std::string_view handle,
                                           session_time now) override;
    [[nodiscard]] task<session_commit> end_all(std::string_view owner, const session_token* spared,
                                               session_time now) override;
    [[nodiscard]] task<bool> ping(session_time now) override;
    [[nodiscard]] session_metrics metrics() const override;

private:
    class waiting_room;

    template <class Outcome, class Ask>
    task<Outcome> pass_on(store_fault what, Outcome failure, Ask ask);

    std::shared_ptr<async_session_store> inner_;
    std::unique_ptr<waiting_room> waiting_;
    std::atomic<bool> honours_ = true;
};

}  // namespace cloakroom::testing
