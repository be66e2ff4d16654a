// SPDX-License-Identifier: MIT
// A program that a test runs beside itself. It never outlives the test.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace cloakroom::redis {

/// A running program. Not thread-safe.
///
/// The system kills it when the thread that made it ends, so that it also goes with a test that
/// crashes: make it on a thread that outlives it. When the constructor returns, it has no
/// descriptor of this process.
class child_process {
public:
    /// @param program  A path. words[0] is the name that the program sees as its own.
    /// @param log      File to which its output is appended.
    /// @throws std::system_error when the log cannot be opened or the program not be run.
    child_process(const std::filesystem::path& program, const std::vector<std::string>& words,
                  const std::filesystem::path& log);
    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;
    /// Kills it and waits.
    ~child_process();

    /// Whether it has ended, by whatever cause.
    bool has_ended();

    /// Sends a signal, unless it has ended.
    void signal(int number);

    /// Waits until it has ended. @return Whether it did within that time.
    bool wait(std::chrono::milliseconds longest);

    /// Sends SIGKILL and waits.
    void kill();

    /// Stops it (SIGSTOP), and returns once it stands still.
    void pause();

    /// Lets it go on after pause().
    void resume();

private:
    pid_t id_ = -1;  ///< -1 once it has ended.
};

/// Where a program lies in the search path; empty when nowhere.
std::filesystem::path program_path(const std::string& name);

}  // namespace cloakroom::redis
