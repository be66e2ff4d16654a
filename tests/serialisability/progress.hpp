// SPDX-License-Identifier: MIT
// How far the clients of a workload have come, for who breaks things meanwhile: by what has
// happened, so that it means the same on every machine.
#pragma once

#include "workload.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace cloakroom::serialisability {

/// Counts answers. Thread-safe.
class progress {
public:
    /// Waits until so many more requests have been answered, or are known to be lost.
    ///
    /// @return False when the workload is over.
    bool wait_for_answers(std::size_t more) { return wait(answers_, more); }

    /// The same, of those that were answered as if nothing was broken.
    bool wait_for_service(std::size_t more) { return wait(served_, more); }

    /// How many requests are under way.
    [[nodiscard]] std::size_t under_way() const {
        const std::scoped_lock lock{mutex_};
        return sent_ - answers_;
    }

    /// The workload is over.
    void finish() {
        const std::scoped_lock lock{mutex_};
        is_over_ = true;
        changed_.notify_all();
    }

    /// Counts what passes. Who was not served waits a moment, and ever longer, as who is told
    /// "Retry-After" does.
    [[nodiscard]] transport watch(transport inner) {
        static constexpr std::chrono::milliseconds first{1};
        static constexpr std::chrono::milliseconds longest{100};
        return [this, send = std::move(inner), pause = first](
                   method verb, const std::string& target, const std::string& token) mutable {
            note_sent();
            answer got = send(verb, target, token);
            const bool is_served = got.status != 0 && got.status != 503;
            note_answer(is_served);
            if (is_served) {
                pause = first;
            } else {
                std::this_thread::sleep_for(std::exchange(pause, std::min(pause * 2, longest)));
            }
            return got;
        };
    }

private:
    bool wait(const std::size_t& count, std::size_t more) {
        constexpr std::chrono::seconds longest{60};
        std::unique_lock lock{mutex_};
        const std::size_t enough = count + more;
        if (!changed_.wait_for(lock, longest, [&] { return is_over_ || count >= enough; })) {
            throw std::runtime_error("the clients do not get on");
        }
        return !is_over_;
    }

    void note_sent() {
        const std::scoped_lock lock{mutex_};
        ++sent_;
    }

    void note_answer(bool is_served) {
        const std::scoped_lock lock{mutex_};
        ++answers_;
        served_ += is_served ? 1U : 0U;
        changed_.notify_all();
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t sent_ = 0;
    std::size_t answers_ = 0;
    std::size_t served_ = 0;
    bool is_over_ = false;
};

}  // namespace cloakroom::serialisability
