// SPDX-License-Identifier: MIT
// Memory, had beforehand, for what Asio keeps of one operation: so that waiting and posting cannot
// fail where nothing could be done about it. Not a pool.
#pragma once

#include <cstddef>
#include <new>

namespace cloakroom {

/// Room for one operation at a time. Handlers own it by a shared_ptr, for Asio gives it back after
/// it has moved the handler out.
class handler_memory {
public:
    handler_memory() = default;
    handler_memory(const handler_memory&) = delete;
    handler_memory& operator=(const handler_memory&) = delete;

    /// @throws std::bad_alloc where it is in use, or too small, and the system has no memory.
    void* take(std::size_t bytes) {
        if (is_taken_ || bytes > sizeof room_) {
            return ::operator new(bytes);
        }
        is_taken_ = true;
        return room_;
    }

    void give_back(void* taken) noexcept {
        if (taken != room_) {
            ::operator delete(taken);
            return;
        }
        is_taken_ = false;
    }

private:
    // What Boost 1.81 keeps of a wait or of a posted function is less.
    alignas(std::max_align_t) std::byte room_[384];
    bool is_taken_ = false;
};

/// What a handler names as its `allocator_type`, so that Asio takes its memory from there.
template <class T>
class handler_allocator {
public:
    using value_type = T;

    explicit handler_allocator(handler_memory& from) noexcept : from_(&from) {}
    template <class Other>
    handler_allocator(const handler_allocator<Other>& other) noexcept : from_(other.from_) {}

    [[nodiscard]] T* allocate(std::size_t count) {
        return static_cast<T*>(from_->take(count * sizeof(T)));
    }
    void deallocate(T* taken, std::size_t /*count*/) noexcept { from_->give_back(taken); }

    friend bool operator==(const handler_allocator&, const handler_allocator&) = default;

private:
    template <class Other>
    friend class handler_allocator;

    handler_memory* from_;
};

}  // namespace cloakroom
