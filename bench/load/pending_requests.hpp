// SPDX-License-Identifier: MIT
// The requests of a connection that are sent and not answered yet, in order.
#pragma once

#include "arrivals.hpp"

#include <cstddef>
#include <vector>

namespace cloakroom::load {

class pending_requests {
public:
    struct entry {
        time_point start;  // from when the answer is waited for
        time_point sent;
    };

    explicit pending_requests(std::size_t capacity) : ring_(capacity) {}

    /// REQUIRES: !is_full().
    void push(entry request) noexcept {
        ring_[(first_ + size_) % ring_.size()] = request;
        ++size_;
    }

    /// The oldest. REQUIRES: !is_empty().
    [[nodiscard]] const entry& front() const noexcept { return ring_[first_]; }

    void pop() noexcept {
        first_ = (first_ + 1) % ring_.size();
        --size_;
    }

    void clear() noexcept { size_ = 0; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool is_empty() const noexcept { return size_ == 0; }
    [[nodiscard]] bool is_full() const noexcept { return size_ == ring_.size(); }

private:
    std::vector<entry> ring_;
    std::size_t first_ = 0;
    std::size_t size_ = 0;
};

}  // namespace cloakroom::load
