// SPDX-License-Identifier: MIT
// Bytes received and not yet used up, contiguous. Grows on demand, never by itself.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace cloakroom::http1 {

/// A contiguous buffer with free room behind its bytes. Moves keep the bytes' address; growth and
/// compaction change it.
class receive_buffer {
public:
    receive_buffer() = default;
    explicit receive_buffer(std::size_t capacity)
        : bytes_(std::make_unique_for_overwrite<char[]>(capacity)), capacity_(capacity) {}

    [[nodiscard]] char* data() noexcept { return bytes_.get() + begin_; }
    [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
    [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get() + begin_, size()}; }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

    [[nodiscard]] char* free_begin() noexcept { return bytes_.get() + end_; }
    [[nodiscard]] std::size_t free_bytes() const noexcept { return capacity_ - end_; }

    /// `count` bytes were written at free_begin().
    void added(std::size_t count) noexcept { end_ += count; }

    /// The first `count` bytes are used up.
    void consume(std::size_t count) noexcept {
        begin_ += count;
        if (begin_ == end_) {
            begin_ = end_ = 0;
        }
    }

    /// Only the first `count` bytes are kept. REQUIRES: there are so many.
    void truncate(std::size_t count) noexcept { end_ = begin_ + count; }

    void clear() noexcept { begin_ = end_ = 0; }

    void append(std::string_view more) {
        if (more.empty()) {
            return;
        }
        reserve_free(more.size());
        std::memcpy(free_begin(), more.data(), more.size());
        added(more.size());
    }

    /// Makes room for at least `count` more bytes: moves the bytes to the front, or doubles.
    void reserve_free(std::size_t count) {
        if (free_bytes() >= count) {
            return;
        }
        if (capacity_ - size() >= count && begin_ >= capacity_ / 2) {
            std::memmove(bytes_.get(), data(), size());
        } else {
            const std::size_t larger = std::max(size() + count, capacity_ * 2);
            auto grown = std::make_unique_for_overwrite<char[]>(larger);
            if (size() != 0) {
                std::memcpy(grown.get(), data(), size());
            }
            bytes_ = std::move(grown);
            capacity_ = larger;
        }
        end_ = size();
        begin_ = 0;
    }

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace cloakroom::http1
