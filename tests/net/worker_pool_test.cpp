// SPDX-License-Identifier: MIT
#include "net/worker_pool.hpp"

#include "../refused_call.hpp"

#include <gtest/gtest.h>

#include <sys/syscall.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <future>
#include <iterator>
#include <limits>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

namespace cloakroom {
namespace {

std::size_t threads_of_this_process() {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator("/proc/self/task"), {}));
}

// Keeps workers busy until it is opened, and counts them.
class barrier_of_work {
public:
    void run() {
        std::unique_lock lock(mutex_);
        ++begun_;
        changes_.notify_all();
        changes_.wait(lock, [this] { return is_open_; });
    }
    void wait_for_begun(unsigned count) {
        std::unique_lock lock(mutex_);
        changes_.wait(lock, [&] { return begun_ >= count; });
    }
    void open() {
        const std::lock_guard lock(mutex_);
        is_open_ = true;
        changes_.notify_all();
    }
    unsigned begun() {
        const std::lock_guard lock(mutex_);
        return begun_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changes_;
    unsigned begun_ = 0;
    bool is_open_ = false;
};

constexpr refused_call no_more_threads{SYS_clone3, EAGAIN};

TEST(WorkerPool, RefusesWorkWhereTheSystemGivesNoThread) {
    worker_pool pool(3, 1'000);
    std::promise<void> done;
    bool is_accepted = true;

    with_refused(no_more_threads, [&] { is_accepted = pool.submit([] {}); });

    EXPECT_FALSE(is_accepted);
    EXPECT_TRUE(pool.submit([&done] { done.set_value(); }));
    done.get_future().get();
}

TEST(WorkerPool, MakesDoWithTheThreadsThatTheSystemGives) {
    barrier_of_work barrier;
    std::promise<void> done;
    worker_pool pool(3, 1'000);
    ASSERT_TRUE(pool.submit([&barrier] { barrier.run(); }));
    barrier.wait_for_begun(1);
    bool is_accepted = false;

    with_refused(no_more_threads,
                 [&] { is_accepted = pool.submit([&done] { done.set_value(); }); });
    barrier.open();

    EXPECT_TRUE(is_accepted);
    done.get_future().get();
}

TEST(WorkerPool, RunsAllThatIsSubmitted) {
    std::atomic<unsigned> done = 0;
    std::promise<void> all;
    worker_pool pool(3, 1'000);

    for (unsigned each = 0; each < 1'000; ++each) {
        ASSERT_TRUE(pool.submit([&] {
            if (++done == 1'000) {
                all.set_value();
            }
        }));
    }

    all.get_future().wait();
    EXPECT_EQ(done, 1'000U);
}

TEST(WorkerPool, RunsFirstComeFirstServed) {
    std::string order;
    std::promise<void> last;
    worker_pool pool(1, 10);

    for (const char each : std::string{"abcdefg"}) {
        ASSERT_TRUE(pool.submit([&order, &last, each] {
            order += each;
            if (each == 'g') {
                last.set_value();
            }
        }));
    }

    last.get_future().wait();
    EXPECT_EQ(order, "abcdefg");
}

TEST(WorkerPool, RefusesWorkBeyondItsThreadsAndQueue) {
    barrier_of_work work;
    worker_pool pool(2, 3);

    unsigned accepted = 0;
    while (accepted < 100 && pool.submit([&] { work.run(); })) {
        ++accepted;
    }

    EXPECT_EQ(accepted, 5U);  // 2 run and 3 wait, whether the threads are up already or not
    work.wait_for_begun(2);
    EXPECT_FALSE(pool.submit([] {}));
    work.open();
    work.wait_for_begun(5);
}

TEST(WorkerPool, WithoutAQueueTakesAsMuchAsItHasThreads) {
    barrier_of_work work;
    worker_pool pool(2, 0);

    EXPECT_TRUE(pool.submit([&] { work.run(); }));
    EXPECT_TRUE(pool.submit([&] { work.run(); }));
    EXPECT_FALSE(pool.submit([&] { work.run(); }));
    work.wait_for_begun(2);
    EXPECT_FALSE(pool.submit([&] { work.run(); }));
    work.open();
}

TEST(WorkerPool, TakesWorkAgainOnceTheQueueHasRoom) {
    barrier_of_work work;
    worker_pool pool(1, 1);
    ASSERT_TRUE(pool.submit([&] { work.run(); }));
    ASSERT_TRUE(pool.submit([&] { work.run(); }));
    ASSERT_FALSE(pool.submit([&] { work.run(); }));

    work.open();
    work.wait_for_begun(2);

    EXPECT_TRUE(pool.submit([&] { work.run(); }));
    work.wait_for_begun(3);
}

TEST(WorkerPool, DropsWhatWaitsAtItsEnd) {
    barrier_of_work work;
    const auto waits = std::make_shared<int>(0);
    bool has_run = false;
    auto pool = std::make_unique<worker_pool>(1, 10);
    ASSERT_TRUE(pool->submit([&] { work.run(); }));
    work.wait_for_begun(1);
    ASSERT_TRUE(pool->submit([&, waits] { has_run = true; }));
    ASSERT_EQ(waits.use_count(), 2);

    std::thread ends([&] { pool.reset(); });
    while (waits.use_count() != 1) {  // dropped while the running work still runs
        std::this_thread::yield();
    }
    work.open();
    ends.join();

    EXPECT_FALSE(has_run);
}

TEST(WorkerPool, BeginsNothingOnceClosed) {
    barrier_of_work work;
    const auto waits = std::make_shared<int>(0);
    bool has_run = false;
    {
        worker_pool pool(1, 10);
        ASSERT_TRUE(pool.submit([&] { work.run(); }));
        work.wait_for_begun(1);
        ASSERT_TRUE(pool.submit([&, waits] { has_run = true; }));

        pool.close();

        EXPECT_FALSE(pool.submit([&] { has_run = true; }));
        EXPECT_EQ(waits.use_count(), 2);  // kept for who ends the pool
        work.open();
    }
    EXPECT_EQ(waits.use_count(), 1);
    EXPECT_FALSE(has_run);
}

TEST(WorkerPool, WaitsAtItsEndForWhatRuns) {
    std::promise<void> runs;
    bool is_done = false;
    {
        worker_pool pool(1, 10);
        ASSERT_TRUE(pool.submit([&] {
            runs.set_value();
            std::this_thread::yield();
            is_done = true;
        }));
        runs.get_future().wait();
    }

    EXPECT_TRUE(is_done);
}

TEST(WorkerPool, HasNoThreadBeforeTheFirstWork) {
    const std::size_t before = threads_of_this_process();
    const worker_pool pool(8, 10);

    EXPECT_LE(threads_of_this_process(), before);  // one of another test may be ending
}

TEST(WorkerPool, UsesAnIdleThreadBeforeItStartsAnother) {
    // A thread that has just finished may not be idle yet when the next work comes, so that a busy
    // machine starts more: one that always does would use all of them each time.
    constexpr std::size_t few = 3;
    std::size_t least = std::numeric_limits<std::size_t>::max();
    for (unsigned attempt = 0; attempt < 20 && least > few; ++attempt) {
        worker_pool pool(8, 10);
        std::set<std::thread::id> threads;
        const std::size_t before = threads_of_this_process();
        for (unsigned each = 0; each < 20; ++each) {
            std::promise<std::thread::id> ran;
            ASSERT_TRUE(pool.submit([&] { ran.set_value(std::this_thread::get_id()); }));
            threads.insert(ran.get_future().get());
        }
        const std::size_t now = threads_of_this_process();  // also those that got no work
        const std::size_t started = now > before ? now - before : 0;
        least = std::min(least, std::max(threads.size(), started));
    }
    EXPECT_LE(least, few);
}

TEST(WorkerPool, StartsAThreadForEachWorkThatWouldWait) {
    barrier_of_work work;
    worker_pool pool(4, 10);

    for (unsigned each = 0; each < 4; ++each) {
        ASSERT_TRUE(pool.submit([&] { work.run(); }));
    }

    work.wait_for_begun(4);  // all at once
    EXPECT_EQ(work.begun(), 4U);
    work.open();
}

}  // namespace
}  // namespace cloakroom
