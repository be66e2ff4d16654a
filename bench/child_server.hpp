// SPDX-License-Identifier: MIT
// What the measuring programs share: a server run as a child process, connections to it, and
// requests. Linux only; for programs with a single thread. Not an HTTP client.
#pragma once

#include "process_tree.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace cloakroom::bench {

inline int check(int result, const char* what) {
    if (result < 0) {
        throw std::system_error(errno, std::generic_category(), what);
    }
    return result;
}

inline volatile std::sig_atomic_t interrupted = 0;

/// From here on SIGINT, SIGTERM and SIGHUP only set `interrupted`; system calls that wait return
/// EINTR.
inline void catch_interrupts() {
    struct sigaction action {};
    action.sa_handler = [](int) { interrupted = 1; };
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        ::sigaction(signal, &action, nullptr);
    }
}

/// @throws std::runtime_error after a signal, so that destructors end the servers.
inline void throw_if_interrupted() {
    if (interrupted != 0) {
        throw std::runtime_error("interrupted");
    }
}

/// @return 0 or an errno value: this is called between fork and exec too.
inline int pin_to_cpu(int cpu) {
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(static_cast<std::size_t>(cpu), &cpus);
    return ::sched_setaffinity(0, sizeof cpus, &cpus) == 0 ? 0 : errno;
}

inline sockaddr_in loopback(std::uint16_t port, std::uint32_t host = INADDR_LOOPBACK) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(host);
    return address;
}

/// Opens a blocking connection to 127.0.0.1 with TCP_NODELAY.
///
/// @param source  Address in 127.0.0.0/8 to connect from, each with ephemeral ports of its own.
inline descriptor connect_to(std::uint16_t port, std::uint32_t source = INADDR_LOOPBACK) {
    descriptor socket(check(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
    const int on = 1;
    check(::setsockopt(socket.value(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
    if (source != INADDR_LOOPBACK) {
        check(::setsockopt(socket.value(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on),
              "IP_BIND_ADDRESS_NO_PORT");
        const sockaddr_in from = loopback(0, source);
        check(::bind(socket.value(), reinterpret_cast<const sockaddr*>(&from), sizeof from),
              "bind");
    }
    const sockaddr_in to = loopback(port);
    check(::connect(socket.value(), reinterpret_cast<const sockaddr*>(&to), sizeof to), "connect");
    return socket;
}

/// The words of a command, which spaces separate.
inline std::vector<std::string> split(const std::string& command) {
    std::istringstream stream(command);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    return words;
}

inline std::string joined(const std::vector<std::string>& words) {
    std::string command;
    for (const std::string& word : words) {
        command.append(command.empty() ? "" : " ").append(word);
    }
    return command;
}

inline void replace_first(std::string& text, std::string_view placeholder,
                          const std::string& value) {
    if (const auto at = text.find(placeholder); at != std::string::npos) {
        text.replace(at, placeholder.size(), value);
    }
}

/// A server on one CPU with all its child processes, alive as long as this object: the first one is
/// ended by SIGTERM, and whatever is left three seconds later by SIGKILL.
class child_server {
public:
    /// Starts the command and returns when it can be connected to.
    ///
    /// With `{port}` in it, that is replaced by a free port. Otherwise `--port 0 --threads 1` is
    /// appended, and the port is read from the first `http://HOST:PORT` that the server prints.
    /// @throws std::runtime_error with the server's output if it ends, or is not ready within ten
    /// seconds.
    child_server(std::vector<std::string> words, int cpu) : child_server() {
        if (words.empty()) {
            throw std::runtime_error("a server's command is empty");
        }
        const std::string command = joined(words);
        choose_port(words);
        output_ = descriptor(check(::memfd_create("output", MFD_CLOEXEC), "memfd_create"));
        start(words, cpu);
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!is_ready()) {
            throw_if_interrupted();
            if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
                pid_ = 0;
                throw std::runtime_error(command + " ended at once:\n" + output());
            }
            if (std::chrono::steady_clock::now() > deadline) {
                throw std::runtime_error(command + " is not ready after 10 s:\n" + output());
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        tree_ = process_tree(pid_);
    }
    child_server(const child_server&) = delete;
    child_server& operator=(const child_server&) = delete;
    ~child_server() { stop(); }

    std::uint16_t port() const { return port_; }

    /// CPU time of the server and its child processes: process_tree::cpu_time().
    std::chrono::nanoseconds cpu_time() { return tree_.cpu_time(); }

    /// Resident memory that the process shares with no other; without its child processes.
    std::int64_t private_bytes() const {
        std::ifstream rollup("/proc/" + std::to_string(pid_) + "/smaps_rollup");
        std::int64_t sum_kib = 0;
        bool found = false;
        for (std::string line; std::getline(rollup, line);) {
            if (line.starts_with("Private_")) {
                sum_kib += std::stoll(line.substr(line.find(':') + 1));
                found = true;
            }
        }
        if (!found) {
            throw std::runtime_error("the server's smaps_rollup cannot be read");
        }
        return sum_kib * 1024;
    }

private:
    child_server() = default;

    void choose_port(std::vector<std::string>& words) {
        constexpr std::string_view placeholder = "{port}";
        for (std::string& word : words) {
            if (word.find(placeholder) != std::string::npos) {
                port_ = port_ != 0 ? port_ : free_port();
                replace_first(word, placeholder, std::to_string(port_));
            }
        }
        if (port_ == 0) {
            words.insert(words.end(), {"--port", "0", "--threads", "1"});
        }
    }

    static std::uint16_t free_port() {
        const descriptor socket(check(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
        sockaddr_in address = loopback(0);
        socklen_t size = sizeof address;
        check(::bind(socket.value(), reinterpret_cast<sockaddr*>(&address), size), "bind");
        check(::getsockname(socket.value(), reinterpret_cast<sockaddr*>(&address), &size),
              "getsockname");
        return ntohs(address.sin_port);
    }

    void start(std::vector<std::string>& words, int cpu) {
        std::vector<char*> arguments;
        arguments.reserve(words.size() + 1);
        for (std::string& word : words) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        const pid_t parent = ::getpid();
        pid_ = check(::fork(), "fork");
        if (pid_ != 0) {
            return;
        }
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent || pin_to_cpu(cpu) != 0) {
            ::_exit(126);
        }
        ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
        ::dup2(output_.value(), STDOUT_FILENO);
        ::dup2(output_.value(), STDERR_FILENO);
        ::execvp(arguments[0], arguments.data());
        constexpr std::string_view message = "the command cannot be executed\n";
        [[maybe_unused]] const ssize_t written =
            ::write(STDERR_FILENO, message.data(), message.size());
        ::_exit(127);
    }

    /// Both output streams of the server; a file in memory, so that a talkative server never
    /// blocks.
    std::string output() const {
        std::string text(16 * 1024, '\0');
        const ssize_t size = ::pread(output_.value(), text.data(), text.size(), 0);
        text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        return text;
    }

    bool is_ready() {
        if (port_ == 0) {
            port_ = announced_port();
            return port_ != 0;
        }
        try {
            connect_to(port_);
            return true;
        } catch (const std::system_error&) {
            return false;
        }
    }

    std::uint16_t announced_port() const {
        const std::string text = output();
        for (auto at = text.find("http://"); at != std::string::npos;
             at = text.find("http://", at + 1)) {
            const auto end = text.find_first_of("/ \r\n", at + 7);
            const auto colon = text.rfind(':', end);
            std::uint16_t port = 0;
            if (end != std::string::npos && colon > at + 6) {
                std::from_chars(text.data() + colon + 1, text.data() + end, port);
            }
            if (port != 0) {
                return port;
            }
        }
        return 0;
    }

    void stop() noexcept {
        if (pid_ <= 0) {
            return;
        }
        std::vector<descriptor> others;
        try {
            others = process_tree(pid_).open_descendants();
        } catch (...) {  // no memory: the server itself ends what it has started, as a rule
        }
        ::kill(pid_, SIGTERM);
        const descriptor server(::pidfd_open(pid_, 0));
        if (server.value() < 0) {  // too many open files
            ::kill(pid_, SIGKILL);
        }
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(3);
        end_by(deadline, server);
        ::waitpid(pid_, nullptr, 0);
        for (const descriptor& process : others) {
            end_by(deadline, process);
        }
    }

    pid_t pid_ = 0;
    std::uint16_t port_ = 0;
    process_tree tree_;
    descriptor output_;
};

/// @param content  JSON to be posted; empty: a GET.
inline std::string request_for(std::string_view path, std::uint16_t port,
                               std::string_view cookies = {}, std::string_view content = {}) {
    std::string request = (content.empty() ? "GET " : "POST ") + std::string(path) +
                          " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n";
    if (!cookies.empty()) {
        request += "Cookie: " + std::string(cookies) + "\r\n";
    }
    if (!content.empty()) {
        request +=
            "Content-Type: application/json\r\nContent-Length: " + std::to_string(content.size()) +
            "\r\n";
    }
    return request + "\r\n" + std::string(content);
}

}  // namespace cloakroom::bench
