// SPDX-License-Identifier: MIT
#include "net/timer_wheel.hpp"

#include <algorithm>

namespace cloakroom::net {

timer_wheel::timer_wheel() noexcept {
    for (timer_link& each : slots_) {
        each.next = each.previous = &each;
    }
}

void timer_wheel::advance(tick now) noexcept {
    while (now_ < now && filed_ != 0) {
        turn();
    }
    now_ = std::max(now_, now);  // what expired may have moved an empty wheel on already
}

void timer_wheel::turn() noexcept {
    ++now_;
    timer_link& slot = slots_[now_ % slot_count];
    if (slot.next == &slot) {
        return;
    }
    // Into a ring of its own, so that what is filed meanwhile is not met in this turn.
    timer_link due = slot;
    due.next->previous = due.previous->next = &due;
    slot.next = slot.previous = &slot;
    while (due.next != &due) {
        auto& entry = static_cast<timer_entry&>(*due.next);
        remove(entry);
        if (entry.deadline_ <= now_) {
            entry.on_deadline();
        } else {
            file(entry);
        }
    }
}

void timer_wheel::file(timer_entry& entry) noexcept {
    remove(entry);
    const tick latest = now_ + static_cast<tick>(slot_count) - 1;
    entry.filed_at_ = std::clamp(entry.deadline_, now_ + 1, latest);
    timer_link& slot = slots_[entry.filed_at_ % slot_count];
    entry.previous = slot.previous;
    entry.next = &slot;
    slot.previous->next = &entry;
    slot.previous = &entry;
    entry.is_filed_ = true;
    ++filed_;
}

void timer_wheel::remove(timer_entry& entry) noexcept {
    if (!entry.is_filed_) {
        return;
    }
    entry.previous->next = entry.next;
    entry.next->previous = entry.previous;
    entry.is_filed_ = false;
    --filed_;
}

}  // namespace cloakroom::net
