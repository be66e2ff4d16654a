// SPDX-License-Identifier: MIT
// Coarse deadlines for many connections: setting one costs a store, as a rule. No clock of its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace cloakroom::net {

/// A count of the wheel's periods since the event loop began.
using tick = std::uint32_t;

/// A link of a ring of entries.
struct timer_link {
    timer_link* previous = nullptr;
    timer_link* next = nullptr;
};

/// What can have one deadline. Intrusive: it must not move while it is in a wheel.
class timer_entry : private timer_link {
public:
    timer_entry() = default;
    timer_entry(const timer_entry&) = delete;
    timer_entry& operator=(const timer_entry&) = delete;

    /// The deadline has come; the entry has none now.
    virtual void on_deadline() noexcept = 0;

protected:
    ~timer_entry() = default;

private:
    friend class timer_wheel;

    tick deadline_ = 0;
    tick filed_at_ = 0;  // where it lies in the wheel: not later than the deadline
    bool is_filed_ = false;
};

/// A hashed timer wheel (Varghese and Lauck, 1987, scheme 6). A deadline that moves later stays
/// where it is filed, and is filed anew when its old time comes. Used by one thread.
class timer_wheel {
public:
    timer_wheel() noexcept;
    timer_wheel(const timer_wheel&) = delete;
    timer_wheel& operator=(const timer_wheel&) = delete;

    /// Sets or moves the deadline of an entry.
    void set(timer_entry& entry, tick deadline) noexcept {
        entry.deadline_ = deadline;
        if (!entry.is_filed_ || deadline < entry.filed_at_) {
            file(entry);
        }
    }

    /// Takes an entry out. Nothing happens where it is not in.
    void remove(timer_entry& entry) noexcept;

    [[nodiscard]] bool is_empty() const noexcept { return filed_ == 0; }
    [[nodiscard]] tick now() const noexcept { return now_; }

    /// Moves on to `now` and calls on_deadline() of each entry whose deadline has come. Those may
    /// set and remove any entry.
    void advance(tick now) noexcept;

private:
    static constexpr std::size_t slot_count = 512;

    void file(timer_entry& entry) noexcept;
    void turn() noexcept;

    tick now_ = 0;
    std::size_t filed_ = 0;
    std::array<timer_link, slot_count> slots_;
};

}  // namespace cloakroom::net
