// SPDX-License-Identifier: MIT
// Has the system refuse a call, by a seccomp filter on a thread of its own: no function of the C
// library is replaced. It cannot refuse a call the first time only.
#pragma once

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

namespace cloakroom {

/// A system call that is to fail.
struct refused_call {
    /// The low 32 bits of an argument.
    struct argument {
        std::uint32_t index;
        std::uint32_t value;
    };

    std::uint32_t number;                          ///< As in SYS_getrandom.
    int error;                                     ///< What errno becomes.
    std::optional<argument> where = std::nullopt;  ///< Only calls that have it fail.

    /// From here on, in the calling thread and in those that it starts.
    ///
    /// @throws std::system_error when the system takes no filter.
    void begin() const {
        constexpr std::uint16_t load = BPF_LD | BPF_W | BPF_ABS;
        constexpr std::uint16_t jump_if_equal = BPF_JMP | BPF_JEQ | BPF_K;
        constexpr std::uint16_t end = BPF_RET | BPF_K;
        constexpr std::uint32_t first_argument = offsetof(seccomp_data, args);
        std::vector<sock_filter> steps{
            {load, 0, 0, offsetof(seccomp_data, nr)},
            {jump_if_equal, 0, where ? std::uint8_t{3} : std::uint8_t{1}, number}};
        if (where) {  // little-endian
            steps.push_back({load, 0, 0, first_argument + 8 * where->index});
            steps.push_back({jump_if_equal, 0, 1, where->value});
        }
        steps.push_back({end, 0, 0, SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error)});
        steps.push_back({end, 0, 0, SECCOMP_RET_ALLOW});
        const sock_fprog program{static_cast<unsigned short>(steps.size()), steps.data()};
        if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
            ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
            throw std::system_error(errno, std::system_category(), "seccomp");
        }
    }
};

/// Acts on a thread in which that call fails.
///
/// @throws What the action throws; std::system_error when the system takes no filter.
template <class Action>
void with_refused(const refused_call& call, Action action) {
    std::exception_ptr thrown;
    std::thread([&] {
        try {
            call.begin();
            action();
        } catch (...) {
            thrown = std::current_exception();
        }
    }).join();
    if (thrown) {
        std::rethrow_exception(thrown);
    }
}

}  // namespace cloakroom
