// SPDX-License-Identifier: MIT
#include "net/worker_pool.hpp"

#include <system_error>
#include <utility>

namespace cloakroom {

worker_pool::~worker_pool() {
    close();
    {
        const std::lock_guard lock(mutex_);
        waiting_.clear();
    }
    for (std::thread& each : threads_) {
        each.join();
    }
}

void worker_pool::close() noexcept {
    {
        const std::lock_guard lock(mutex_);
        is_closed_ = true;
    }
    wakes_.notify_all();
}

bool worker_pool::submit(std::function<void()> work) {
    {
        const std::lock_guard lock(mutex_);
        const std::size_t free_threads = idle_ + (thread_count_ - threads_.size());
        if (is_closed_ || waiting_.size() >= most_waiting_ + free_threads) {
            return false;
        }
        if (waiting_.size() >= idle_ && threads_.size() < thread_count_ && !start_thread() &&
            threads_.empty()) {
            return false;
        }
        waiting_.push_back(std::move(work));
    }
    wakes_.notify_one();
    return true;
}

// Where the system gives none, those that are there do the work.
bool worker_pool::start_thread() {
    try {
        threads_.emplace_back([this] { run(); });
    } catch (const std::system_error&) {
        return false;
    }
    ++idle_;
    return true;
}

void worker_pool::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        wakes_.wait(lock, [this] { return is_closed_ || !waiting_.empty(); });
        if (is_closed_) {
            return;
        }
        const std::function<void()> work = std::move(waiting_.front());
        waiting_.pop_front();
        --idle_;
        lock.unlock();
        work();
        lock.lock();
        ++idle_;
    }
}

}  // namespace cloakroom
