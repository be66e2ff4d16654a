// SPDX-License-Identifier: MIT
// A process and all that descend from it: what CPU time they have used, and how to end them. Linux
// only. It finds who has been there when it looks, not who came and went in between.
#pragma once

#include <poll.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

extern "C" {  // which glibc 2.36 has left out
#include <sys/pidfd.h>
}

namespace cloakroom::bench {

/// Owns one file descriptor.
class descriptor {
public:
    descriptor() = default;
    explicit descriptor(int value) : value_(value) {}
    descriptor(descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    ~descriptor() {
        if (value_ >= 0) {
            ::close(value_);
        }
    }
    int value() const { return value_; }

private:
    int value_ = -1;
};

/// Does not own the processes. Not thread-safe.
class process_tree {
public:
    process_tree() = default;
    explicit process_tree(pid_t root) : root_(root) {}

    /// CPU time of all threads of all the processes, in user and kernel mode.
    ///
    /// A process that has ended counts with what it had used when it was last seen here.
    /// @throws std::runtime_error when the root is gone.
    std::chrono::nanoseconds cpu_time() {
        for (const pid_t id : ids()) {
            if (const auto used = cpu_time_of(id)) {
                auto& latest = latest_[id];
                ended_ += *used < latest ? latest : std::chrono::nanoseconds{};  // a reused id
                latest = *used;
            } else if (id == root_) {
                throw std::runtime_error("the server is gone");
            }
        }
        std::chrono::nanoseconds sum = ended_;
        for (const auto& [id, used] : latest_) {
            sum += used;
        }
        return sum;
    }

    /// Of all but the root: what outlives it can be ended by these, which no other process inherits
    /// as it could a number.
    std::vector<descriptor> open_descendants() const {
        std::vector<descriptor> processes;
        for (const pid_t id : ids()) {
            if (id != root_) {
                processes.emplace_back(::pidfd_open(id, 0));
            }
        }
        return processes;
    }

private:
    /// The root first, then all that descend from it.
    std::vector<pid_t> ids() const {
        std::vector<pid_t> found{root_};
        for (std::size_t i = 0; i < found.size(); ++i) {
            add_children(found[i], found);
        }
        return found;
    }

    /// Nothing when the process is gone. Each thread has the children that it has forked.
    static void add_children(pid_t parent, std::vector<pid_t>& found) {
        std::error_code gone;
        const std::filesystem::directory_iterator threads(
            "/proc/" + std::to_string(parent) + "/task", gone);
        for (auto thread = begin(threads); thread != end(threads); thread.increment(gone)) {
            std::ifstream children(thread->path() / "children");
            for (pid_t child = 0; children >> child;) {
                found.push_back(child);
            }
        }
    }

    static std::optional<std::chrono::nanoseconds> cpu_time_of(pid_t id) {
        clockid_t clock{};
        timespec time{};
        if (::clock_getcpuclockid(id, &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
            return std::nullopt;
        }
        return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    }

    pid_t root_ = 0;
    std::map<pid_t, std::chrono::nanoseconds> latest_;
    std::chrono::nanoseconds ended_{};
};

/// Returns when the process of a pidfd has ended, by SIGKILL if it has not by itself until then.
///
/// @param process  Without a value, the process was gone before it could be opened.
inline void end_by(std::chrono::steady_clock::time_point deadline,
                   const descriptor& process) noexcept {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd ended{process.value(), POLLIN, 0};
    if (process.value() >= 0 &&
        ::poll(&ended, 1, std::max(0, static_cast<int>(left.count()))) <= 0) {
        ::pidfd_send_signal(process.value(), SIGKILL, nullptr, 0);
        constexpr int patience_ms = 1000;  // with a kernel that is busy taking it down
        ::poll(&ended, 1, patience_ms);
    }
}

}  // namespace cloakroom::bench
