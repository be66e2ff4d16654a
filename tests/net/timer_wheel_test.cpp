// SPDX-License-Identifier: MIT
#include "net/timer_wheel.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

namespace cloakroom::net {
namespace {

class entry final : public timer_entry {
public:
    explicit entry(std::function<void()> act) : act_(std::move(act)) {}
    void on_deadline() noexcept override { act_(); }

private:
    std::function<void()> act_;
};

// Entries a, b and c write their letter when their deadline comes.
class TimerWheel : public ::testing::Test {
protected:
    // What expired on the way to `now`, a tick at a time: "4a" is a at tick 4.
    std::string expired_until(tick now) {
        for (tick each = wheel.now() + 1; each <= now; ++each) {
            came.clear();
            wheel.advance(each);
            if (!came.empty()) {
                all += std::to_string(each) + came;
            }
        }
        return std::exchange(all, {});
    }

    timer_wheel wheel;
    std::string came;
    std::string all;
    entry a{[this] { came += 'a'; }};
    entry b{[this] { came += 'b'; }};
    entry c{[this] { came += 'c'; }};
};

TEST_F(TimerWheel, ExpiresEntriesAtTheirTick) {
    wheel.set(a, 9);
    wheel.set(b, 4);
    wheel.set(c, 9);

    EXPECT_EQ(expired_until(20), "4b9ac");
    EXPECT_TRUE(wheel.is_empty());
}

TEST_F(TimerWheel, ExpiresInOrderWhenManyTicksPassAtOnce) {
    wheel.set(a, 300);
    wheel.set(b, 4);
    wheel.set(c, 40);

    wheel.advance(400);

    EXPECT_EQ(came, "bca");
    EXPECT_EQ(wheel.now(), 400U);
}

TEST_F(TimerWheel, MovesADeadlineLater) {
    wheel.set(a, 4);
    wheel.set(a, 9);
    wheel.set(a, 7);

    EXPECT_EQ(expired_until(20), "7a");
}

TEST_F(TimerWheel, MovesADeadlineEarlier) {
    wheel.set(a, 9);
    wheel.set(a, 4);

    EXPECT_EQ(expired_until(20), "4a");
}

TEST_F(TimerWheel, ForgetsARemovedEntry) {
    wheel.set(a, 4);
    wheel.set(b, 4);
    wheel.remove(a);
    wheel.remove(a);
    wheel.remove(c);

    EXPECT_EQ(expired_until(20), "4b");
}

TEST_F(TimerWheel, KeepsDeadlinesFarBeyondItsSlots) {
    for (const tick far : {511U, 512U, 513U, 1'024U, 5'000U}) {
        const tick from = wheel.now();
        wheel.set(a, from + far);
        wheel.set(b, from + far + 1);
        EXPECT_EQ(expired_until(from + far + 10),
                  std::to_string(from + far) + "a" + std::to_string(from + far + 1) + "b");
    }
}

TEST_F(TimerWheel, TakesADeadlineThatHasPassedAtTheNextTick) {
    wheel.advance(50);
    wheel.set(a, 10);
    wheel.set(b, 50);

    EXPECT_EQ(expired_until(60), "51ab");
}

TEST_F(TimerWheel, LetsAnExpiringEntrySetItselfAgain) {
    entry again{[&] {
        came += 'r';
        wheel.set(again, wheel.now() + 3);
    }};
    wheel.set(again, 2);

    EXPECT_EQ(expired_until(9), "2r5r8r");
    wheel.remove(again);
}

TEST_F(TimerWheel, LetsAnExpiringEntrySetAndRemoveOthersOfItsTick) {
    entry acts{[&] {
        came += 'x';
        wheel.remove(a);
        wheel.set(b, wheel.now() + 512);  // the same slot, one round later
    }};
    wheel.set(acts, 5);
    wheel.set(a, 5);
    wheel.set(b, 5);
    wheel.set(c, 5);

    EXPECT_EQ(expired_until(600), "5xc517b");
}

TEST_F(TimerWheel, LetsAnExpiringEntrySetADeadlineThatHasPassed) {
    entry acts{[&] { wheel.set(a, wheel.now()); }};
    wheel.set(acts, 5);

    EXPECT_EQ(expired_until(20), "6a");
}

TEST_F(TimerWheel, LetsAnExpiringEntryMoveTheEmptyWheelOn) {
    entry acts{[&] {  // as an event loop does where a deadline's work took longer than a tick
        wheel.advance(8);
        wheel.set(a, 12);
    }};
    wheel.set(acts, 5);

    wheel.advance(6);

    EXPECT_EQ(wheel.now(), 8U);
    EXPECT_EQ(came, "");
    EXPECT_EQ(expired_until(20), "12a");
}

TEST_F(TimerWheel, PassesTimeAtOnceWhileEmpty) {
    wheel.advance(4'000'000'000U);
    wheel.set(a, 4'000'000'002U);

    EXPECT_EQ(expired_until(4'000'000'005U), "4000000002a");
}

}  // namespace
}  // namespace cloakroom::net
