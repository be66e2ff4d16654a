// SPDX-License-Identifier: MIT
// Connections that are to be visited again, in their order. Takes no memory, so nothing fails.
#pragma once

#include <cstddef>
#include <utility>

namespace cloakroom::net {

/// What can wait in one queue. Intrusive: it must not move while it waits.
class queued {
public:
    queued() = default;
    queued(const queued&) = delete;
    queued& operator=(const queued&) = delete;

protected:
    ~queued() = default;

private:
    friend class visit_queue;

    queued* next_ = nullptr;
    bool is_queued_ = false;
};

/// First in, first out. Used by one thread.
class visit_queue {
public:
    visit_queue() = default;
    visit_queue(const visit_queue&) = delete;
    visit_queue& operator=(const visit_queue&) = delete;

    [[nodiscard]] bool is_empty() const noexcept { return first_ == nullptr; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// Nothing happens where it is in already.
    void add(queued& entry) noexcept {
        if (std::exchange(entry.is_queued_, true)) {
            return;
        }
        *end_ = &entry;
        end_ = &entry.next_;
        ++size_;
    }

    /// Takes the first one out. REQUIRES: there is one.
    queued& take() noexcept {
        queued& first = *first_;
        remove(first);
        return first;
    }

    /// Nothing happens where it is not in. Takes as long as there are others before it.
    void remove(queued& entry) noexcept {
        if (!std::exchange(entry.is_queued_, false)) {
            return;
        }
        queued** link = &first_;
        while (*link != &entry) {
            link = &(*link)->next_;
        }
        *link = std::exchange(entry.next_, nullptr);
        if (*link == nullptr) {
            end_ = link;
        }
        --size_;
    }

private:
    queued* first_ = nullptr;
    queued** end_ = &first_;  // where the next one is linked
    std::size_t size_ = 0;
};

}  // namespace cloakroom::net
