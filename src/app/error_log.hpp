// SPDX-License-Identifier: MIT
// The log where the program names none: standard error, without ever waiting for who reads it. It
// neither formats nor limits what is logged.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace cloakroom {

/// Writes lines to a descriptor that it does not own. A line is lost where that does not take it at
/// once, as a pipe does that nobody empties, or not at all, as a full disk; the next line that is
/// taken comes after one that tells how many were. Thread-safe.
class error_log {
public:
    explicit error_log(int descriptor) noexcept : descriptor_(descriptor) {}

    /// Writes "cloakroom: ", the line, of which a pipe takes so much at once, and its end.
    void write(std::string_view line);

private:
    int descriptor_;
    std::mutex mutex_;
    std::string text_;
    std::size_t lost_ = 0;
};

/// Writes to a descriptor as error_log does. @return Whether all of it was taken.
[[nodiscard]] bool write_at_once(int descriptor, std::string_view text) noexcept;

/// Opens those of the descriptors 0, 1 and 2 that are closed, on /dev/null: else a client's
/// connection would have the number of standard error, and get what is logged.
void keep_standard_descriptors() noexcept;

}  // namespace cloakroom
