// SPDX-License-Identifier: MIT
// A directory whose files are served, and nothing outside of it: whatever a path says, and wherever
// symbolic links lead.
#pragma once

#include <cloakroom/open_file.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace cloakroom::files {

/// What was found at a path.
struct found_file {
    enum class kind : std::uint8_t {
        file,
        directory,
        absent,     ///< Nothing, nothing that may be read, nothing beneath, or no regular file.
        exhausted,  ///< The system has no descriptor or memory left for it.
    };

    using time = std::chrono::sys_time<std::chrono::nanoseconds>;

    kind what = kind::absent;
    open_file file{};
    std::uint64_t inode = 0;
    time modified{};  ///< The content; a program may set this as it likes.
    time changed{};   ///< Content, name, owner or time: kept by the system alone.
};

/// An open directory. Thread-safe.
class directory {
public:
    /// @throws setup_error when there is none that may be entered, and where the system cannot open
    ///         beneath a directory (Linux before 5.6).
    explicit directory(const std::string& path);
    directory(const directory&) = delete;
    directory& operator=(const directory&) = delete;
    ~directory();

    /// Opens what is at `path`, without waiting for a writer of a pipe. Symbolic links are followed
    /// as long as they are relative and stay beneath the directory.
    ///
    /// @param path  Relative, without NUL.
    /// @throws std::system_error for errors of the system, such as an unreadable disk.
    [[nodiscard]] found_file open(const std::string& path) const;

private:
    int descriptor_;
};

}  // namespace cloakroom::files
