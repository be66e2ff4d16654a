// SPDX-License-Identifier: MIT
// cpp-httplib, to compare with. It has a thread for each connection while that lives, out of a pool
// which must hold as many as there are connections, or the rest waits. Debian's libcpp-httplib-dev
// 0.11.4. The idiom (task queue, keep-alive, TCP_NODELAY): https://github.com/yhirose/cpp-httplib
//
//     bench/peers/httplib_hello PORT
#include <httplib.h>

#include <cstddef>
#include <limits>
#include <string>

namespace {

constexpr std::size_t threads = 128;  // cpu_per_request opens 64 connections, unless told otherwise

}  // namespace

int main(int argc, char** argv) {
    const int port = argc == 2 ? std::stoi(argv[1]) : 8080;
    httplib::Server server;
    server.new_task_queue = [] { return new httplib::ThreadPool(threads); };
    server.set_keep_alive_max_count(std::numeric_limits<std::size_t>::max());
    server.set_keep_alive_timeout(75);
    server.set_tcp_nodelay(true);  // head and body leave in two writes
    server.Get("/", [](const httplib::Request&, httplib::Response& response) {
        response.set_content("Hello, World!", "text/plain; charset=utf-8");
    });
    return server.listen("127.0.0.1", port) ? 0 : 1;
}
