// SPDX-License-Identifier: MIT
// Tells a process from the one that it was forked from, without a system call.
#pragma once

#include <atomic>
#include <cstdint>

namespace cloakroom {

/// A number that a forked child does not share with its parent.
///
/// It lies on a page that the kernel clears in the child (MADV_WIPEONFORK, Linux 4.14); where that
/// is missing it is the process id. A handler of pthread_atfork would need a global variable, and
/// could not be taken back.
class process_mark {
public:
    /// @throws std::system_error when there is no memory.
    process_mark();
    process_mark(const process_mark&) = delete;
    process_mark& operator=(const process_mark&) = delete;
    ~process_mark();

    /// Never 0. Thread-safe.
    ///
    /// @throws std::system_error when the operating system gives no random bytes.
    [[nodiscard]] std::uint64_t value() {
        const std::uint64_t known = is_wiped_ ? mark_->load(std::memory_order_relaxed) : 0;
        return known != 0 ? known : find_out();
    }

private:
    std::uint64_t find_out();

    std::atomic<std::uint64_t>* mark_;  // a page of its own
    bool is_wiped_;
};

}  // namespace cloakroom
