// SPDX-License-Identifier: MIT
// Measures the private memory that a server keeps for each idle keep-alive connection which has
// been used once. What the kernel keeps for the socket is not in it.
#include "child_server.hpp"
#include "load/response_head.hpp"

#include <CLI/CLI.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace cloakroom::bench {
namespace {

constexpr int server_cpu = 0;
constexpr std::size_t warm_up_connections = 200;
constexpr std::size_t connections_per_source = 20'000;  // fits into the ephemeral ports
constexpr std::chrono::milliseconds settling{500};      // for what the server does after an answer

struct settings {
    std::size_t connections = 8000;
    std::string path = "/";
    bool json = false;
};

/// For this process and the servers it starts, which inherit the limit.
void allow_open_files(std::size_t count) {
    rlimit limit{};
    check(::getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
    limit.rlim_cur = std::max<rlim_t>(limit.rlim_cur, count);
    limit.rlim_max = std::max(limit.rlim_max, limit.rlim_cur);
    check(::setrlimit(RLIMIT_NOFILE, &limit), "so many connections need a higher ulimit -n");
}

/// @return Whether one request on this connection got a complete response with status 200.
bool is_answered(const descriptor& socket, const std::string& request) {
    if (::send(socket.value(), request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
        return false;
    }
    std::string response;
    std::array<char, 16 * 1024> buffer;
    for (;;) {
        const ssize_t got = ::recv(socket.value(), buffer.data(), buffer.size(), 0);
        throw_if_interrupted();
        if (got <= 0) {
            return false;
        }
        response.append(buffer.data(), static_cast<std::size_t>(got));
        const std::optional<load::response_head> head = load::read_response_head(response);
        if (head && (head->status != 200 || !head->body_bytes)) {
            return false;
        }
        if (head && response.size() >= head->head_bytes + *head->body_bytes) {
            return response.size() == head->head_bytes + *head->body_bytes;
        }
    }
}

/// Keep-alive connections to one server, used one after the other.
class visitors {
public:
    visitors(std::uint16_t port, const std::string& path)
        : port_(port), request_(request_for(path, port)) {}

    /// Opens so many more, and sends a request on each.
    void arrive(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto source =
                static_cast<std::uint32_t>(sockets_.size() / connections_per_source);
            sockets_.push_back(connect_to(port_, INADDR_LOOPBACK + source));
            const timeval timeout{5, 0};
            check(::setsockopt(sockets_.back().value(), SOL_SOCKET, SO_RCVTIMEO, &timeout,
                               sizeof timeout),
                  "SO_RCVTIMEO");
            bad_ += is_answered(sockets_.back(), request_) ? 0 : 1;
        }
    }

    void ask_again() {
        for (const descriptor& socket : sockets_) {
            bad_ += is_answered(socket, request_) ? 0 : 1;
        }
    }

    void leave() { sockets_.clear(); }
    std::size_t bad() const { return bad_; }

private:
    std::uint16_t port_;
    std::string request_;
    std::vector<descriptor> sockets_;
    std::size_t bad_ = 0;
};

std::int64_t settled_private_bytes(const child_server& server) {
    std::this_thread::sleep_for(settling);
    return server.private_bytes();
}

/// @return Whether every response was as it should be.
bool measure(const std::string& command, const settings& settings) {
    catch_interrupts();
    allow_open_files(settings.connections + 200);
    const child_server server(split(command), server_cpu);
    visitors visitors(server.port(), settings.path);
    visitors.arrive(warm_up_connections);
    visitors.leave();
    const std::int64_t before = settled_private_bytes(server);
    visitors.arrive(settings.connections);
    const std::int64_t after = settled_private_bytes(server);
    visitors.ask_again();
    const double each =
        static_cast<double>(after - before) / static_cast<double>(settings.connections);
    std::printf(settings.json
                    ? "{\"connections\": %zu, \"private_kib_before\": %lld, "
                      "\"private_kib_after\": %lld, \"bytes_per_connection\": %.1f, \"bad\": %zu}\n"
                    : "%zu idle connections: private memory grew from %lld to %lld KiB, by %.1f "
                      "bytes a connection; %zu bad responses\n",
                settings.connections, static_cast<long long>(before / 1024),
                static_cast<long long>(after / 1024), each, visitors.bad());
    return visitors.bad() == 0;
}

}  // namespace
}  // namespace cloakroom::bench

int main(int argc, char** argv) {
    CLI::App cli{"Measures the memory that a server keeps for each idle connection."};
    cloakroom::bench::settings settings;
    std::string command;
    cli.add_option("command", command, "the server's command, in quotes")->required();
    cli.add_option("--connections", settings.connections)->check(CLI::Range(1, 100000));
    cli.add_option("--path", settings.path, "of what is requested");
    cli.add_flag("--json", settings.json);
    CLI11_PARSE(cli, argc, argv);
    try {
        return cloakroom::bench::measure(command, settings) ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << "idle_memory: " << error.what() << '\n';
        return 2;
    }
}
