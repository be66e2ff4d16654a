// SPDX-License-Identifier: MIT
// One holder's part of a number that many add up to.
#pragma once

#include <cstddef>

namespace cloakroom::http1 {

/// Adds to a total for as long as it exists. The total must outlive it.
class share {
public:
    explicit share(std::size_t& total) noexcept : total_(total) {}
    share(const share&) = delete;
    share& operator=(const share&) = delete;
    ~share() { total_ -= size_; }

    void resize(std::size_t size) noexcept {
        total_ += size - size_;
        size_ = size;
    }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    std::size_t& total_;
    std::size_t size_ = 0;
};

}  // namespace cloakroom::http1
