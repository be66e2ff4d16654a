// SPDX-License-Identifier: MIT
// Deflating short texts many times and from many threads.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

namespace cloakroom {

/// Makes zlib streams of level 6. A state of zlib's has 268,000 bytes, which take ten times as long
/// to get from the operating system as to use: so states are kept, as many as were in use at once.
/// Thread-safe.
class deflater {
public:
    deflater();
    ~deflater();

    /// Writes the stream of `bytes` to `out`.
    ///
    /// @return Its bytes; 0 when `out` is too small.
    /// @throws std::bad_alloc only.
    [[nodiscard]] std::size_t deflate(std::string_view bytes, std::span<char> out);

private:
    class state;
    [[nodiscard]] std::unique_ptr<state> take();

    std::mutex mutex_;
    std::vector<std::unique_ptr<state>> idle_;
};

}  // namespace cloakroom
