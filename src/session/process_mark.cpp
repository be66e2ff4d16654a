// SPDX-License-Identifier: MIT
#include "session/process_mark.hpp"

#include "session/random_bytes.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

namespace cloakroom {
namespace {

constexpr std::size_t mapped_bytes = sizeof(std::atomic<std::uint64_t>);  // the kernel rounds up

}  // namespace

process_mark::process_mark() {
    void* const page =
        ::mmap(nullptr, mapped_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) {
        throw std::system_error(errno, std::generic_category(), "mmap");
    }
    mark_ = new (page) std::atomic<std::uint64_t>{0};
    is_wiped_ = ::madvise(page, mapped_bytes, MADV_WIPEONFORK) == 0;
}

process_mark::~process_mark() {
    ::munmap(mark_, mapped_bytes);
}

std::uint64_t process_mark::find_out() {
    if (!is_wiped_) {
        return static_cast<std::uint64_t>(::getpid());
    }
    std::array<char, sizeof(std::uint64_t)> bytes;
    fill_random(bytes);
    std::uint64_t mine = 0;
    std::memcpy(&mine, bytes.data(), bytes.size());
    mine |= 1U;
    std::uint64_t known = 0;
    return mark_->compare_exchange_strong(known, mine) ? mine : known;
}

}  // namespace cloakroom
