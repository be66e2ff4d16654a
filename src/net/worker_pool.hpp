// SPDX-License-Identifier: MIT
// Threads for handlers that block, with a bounded queue.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace cloakroom {

/// A fixed number of threads that run what is submitted, first come, first served. Thread-safe. The
/// threads start with the first work, so that a program without blocking handlers has none.
class worker_pool {
public:
    /// @param waiting  How many pieces of work may wait for a thread.
    worker_pool(unsigned threads, std::size_t waiting) noexcept
        : thread_count_(threads), most_waiting_(waiting) {}
    worker_pool(const worker_pool&) = delete;
    worker_pool& operator=(const worker_pool&) = delete;

    /// Waits for the work that runs; what waits is dropped.
    ~worker_pool();

    /// Begins nothing any more: not what waits, nor what is submitted. What runs goes on.
    void close() noexcept;

    /// Runs `work`, which must not throw, on one of the threads.
    ///
    /// @return False where the queue is full, the pool closed, or the system gives not one thread.
    [[nodiscard]] bool submit(std::function<void()> work);

private:
    bool start_thread();
    void run();

    const unsigned thread_count_;
    const std::size_t most_waiting_;
    std::mutex mutex_;
    std::condition_variable wakes_;
    std::deque<std::function<void()>> waiting_;
    std::vector<std::thread> threads_;
    unsigned idle_ = 0;
    bool is_closed_ = false;
};

}  // namespace cloakroom
