// SPDX-License-Identifier: MIT
#include "allocation_faults.hpp"

#include <openssl/crypto.h>

#include <dlfcn.h>
#include <malloc.h>
#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

namespace cloakroom::hostile {
namespace {

constinit std::atomic<std::size_t> asked = 0;
constinit std::atomic<std::size_t> failed = 0;
constinit std::atomic<std::size_t> first = 0;  // 0: none fails
constinit std::atomic<std::size_t> last = 0;
constinit std::atomic<std::size_t> held = 0;
constinit std::atomic<std::size_t> most_held = 0;
constinit thread_local bool is_spared = false;

bool fails() noexcept {
    if (first.load(std::memory_order_relaxed) == 0 || is_spared) {
        return false;
    }
    const std::size_t number = asked.fetch_add(1) + 1;
    if (number < first || number > last) {
        return false;
    }
    ++failed;
    return true;
}

void* allocate(std::size_t bytes, std::size_t alignment = alignof(std::max_align_t)) {
    void* made = nullptr;
    if (fails() || ::posix_memalign(&made, std::max(alignment, sizeof(void*)), bytes) != 0) {
        throw std::bad_alloc();
    }
    if (!is_spared) {
        const std::size_t now =
            held.fetch_add(::malloc_usable_size(made)) + ::malloc_usable_size(made);
        std::size_t most = most_held;
        while (most < now && !most_held.compare_exchange_weak(most, now)) {}
    }
    return made;
}

void* try_to_allocate(std::size_t bytes) noexcept {
    try {
        return allocate(bytes);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void give_back(void* old) noexcept {
    if (!is_spared && old != nullptr) {
        held -= ::malloc_usable_size(old);
    }
    std::free(old);
}

void* allocate_for_openssl(std::size_t bytes, const char* /*file*/, int /*line*/) {
    return fails() ? nullptr : std::malloc(bytes);
}

void* reallocate_for_openssl(void* old, std::size_t bytes, const char* /*file*/, int /*line*/) {
    return fails() ? nullptr : std::realloc(old, bytes);
}

void free_for_openssl(void* old, const char* /*file*/, int /*line*/) {
    std::free(old);
}

void* allocate_for_zlib(void* /*of*/, unsigned count, unsigned bytes) {
    return fails() ? nullptr : std::calloc(count, bytes);
}

void free_for_zlib(void* /*of*/, void* old) {
    std::free(old);
}

// Has a stream of zlib's take its memory here, and goes on with zlib's own function.
template <class... Arguments>
int open_stream(const char* function, z_streamp stream, Arguments... arguments) {
    stream->zalloc = &allocate_for_zlib;
    stream->zfree = &free_for_zlib;
    using opening = int (*)(z_streamp, Arguments...);
    return reinterpret_cast<opening>(::dlsym(RTLD_NEXT, function))(stream, arguments...);
}

}  // namespace

void fail_allocation(std::size_t number, outage how) noexcept {
    asked = 0;
    failed = 0;
    last = how == outage::one ? number : ~std::size_t{0};
    first = number;
}

std::size_t end_outage() noexcept {
    first = 0;
    return failed;
}

std::size_t asked_allocations() noexcept {
    return asked;
}

std::size_t held_bytes() noexcept {
    return held;
}

std::size_t most_held_bytes() noexcept {
    return most_held.exchange(held);
}

void spare_this_thread() noexcept {
    is_spared = true;
}

void watch_openssl() noexcept {
    static_cast<void>(CRYPTO_set_mem_functions(&allocate_for_openssl, &reallocate_for_openssl,
                                               &free_for_openssl));
}

}  // namespace cloakroom::hostile

// All forms that are used: of those that are left out AddressSanitizer has its own.
void* operator new(std::size_t bytes) {
    return cloakroom::hostile::allocate(bytes);
}
void* operator new[](std::size_t bytes) {
    return cloakroom::hostile::allocate(bytes);
}
void* operator new(std::size_t bytes, const std::nothrow_t& /*tag*/) noexcept {
    return cloakroom::hostile::try_to_allocate(bytes);
}
void* operator new[](std::size_t bytes, const std::nothrow_t& /*tag*/) noexcept {
    return cloakroom::hostile::try_to_allocate(bytes);
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    return cloakroom::hostile::allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* old) noexcept {
    cloakroom::hostile::give_back(old);
}
void operator delete[](void* old) noexcept {
    cloakroom::hostile::give_back(old);
}
void operator delete(void* old, const std::nothrow_t& /*tag*/) noexcept {
    cloakroom::hostile::give_back(old);
}
void operator delete[](void* old, const std::nothrow_t& /*tag*/) noexcept {
    cloakroom::hostile::give_back(old);
}
void operator delete(void* old, std::size_t /*bytes*/) noexcept {
    cloakroom::hostile::give_back(old);
}
void operator delete[](void* old, std::size_t /*bytes*/) noexcept {
    cloakroom::hostile::give_back(old);
}
void operator delete(void* old, std::align_val_t /*alignment*/) noexcept {
    cloakroom::hostile::give_back(old);
}
void operator delete(void* old, std::size_t /*bytes*/, std::align_val_t /*alignment*/) noexcept {
    cloakroom::hostile::give_back(old);
}

// In front of the C library's: Asio takes its memory from here.
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
    void* made = nullptr;
    const bool fails = cloakroom::hostile::fails() ||
                       ::posix_memalign(&made, std::max(alignment, sizeof(void*)), bytes) != 0;
    return fails ? nullptr : made;
}

// In front of zlib's.
extern "C" int deflateInit_(z_streamp stream, int level, const char* version, int stream_bytes) {
    return cloakroom::hostile::open_stream("deflateInit_", stream, level, version, stream_bytes);
}
extern "C" int inflateInit_(z_streamp stream, const char* version, int stream_bytes) {
    return cloakroom::hostile::open_stream("inflateInit_", stream, version, stream_bytes);
}
