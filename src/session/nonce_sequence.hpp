// SPDX-License-Identifier: MIT
// Nonces for AES-GCM that do not repeat, without a system call for each.
#pragma once

#include "session/process_mark.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace cloakroom {

/// 96 random bits, of which the last 32 then count; drawn anew before these have come round, and in
/// a forked process. Not thread-safe.
///
/// This is the deterministic construction of NIST SP 800-38D section 8.2.1: a prefix that names the
/// sequence and a counter. That no two sequences share a prefix is a matter of chance, so the count
/// begins at a random number too: of n sequences under one key, of m nonces each, two have a nonce
/// in common with a probability of at most n * n * m / 2^96. A million of a million each: 2^-36,
/// where the standard asks for 2^-32. Drawing all of each nonce (section 8.2.2) would be worse at
/// this, 2^-17 for as many, and costs a system call each time.
///
/// A virtual machine that is resumed twice from one snapshot repeats what it has drawn: make the
/// store after resuming.
class nonce_sequence {
public:
    static constexpr std::size_t bytes = 12;
    static constexpr std::uint64_t most_nonces = std::uint64_t{1} << 32;

    /// @param draw_after  How many nonces one draw gives, at most most_nonces.
    explicit nonce_sequence(process_mark& process, std::uint64_t draw_after = most_nonces) noexcept
        : process_(&process), draw_after_(draw_after) {}

    /// The next nonce.
    ///
    /// @throws std::system_error when the operating system gives no random bytes.
    void next(std::span<char, bytes> out);

private:
    static constexpr std::size_t prefix_bytes = 8;

    void draw();

    process_mark* process_;
    std::uint64_t draw_after_;
    std::uint64_t left_ = 0;
    std::uint64_t drawn_in_ = 0;  // process_mark::value() of then
    std::array<char, prefix_bytes> prefix_{};
    std::uint32_t counter_ = 0;
};

}  // namespace cloakroom
