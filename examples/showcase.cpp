// SPDX-License-Identifier: MIT
// One server with everything: each route shows one thing.
//
//     scripts/run showcase                   (or with --sessions signed, sealed, flask)
//     curl http://127.0.0.1:8080/
//     curl -i -d hi http://127.0.0.1:8080/echo
//     curl http://127.0.0.1:8080/visits
//     curl http://127.0.0.1:8080/users/7
//     curl 'http://127.0.0.1:8080/slow?ms=200'
//     curl 'http://127.0.0.1:8080/blocking?ms=200'
//     curl -i http://127.0.0.1:8080/error
//     curl http://127.0.0.1:8080/health/ready
#include "session_store_option.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/async.hpp>
#include <cloakroom/form.hpp>
#include <cloakroom/json.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

using cloakroom::field;
using cloakroom::json;

struct pause_for {
    unsigned ms = 100;
    static constexpr auto fields = cloakroom::fields(field("ms", &pause_for::ms).optional());

    [[nodiscard]] std::chrono::milliseconds time() const {
        return std::chrono::milliseconds{std::min(ms, 10'000U)};
    }
};

cloakroom::task<std::string> wait_on_the_loop(cloakroom::query<pause_for> pause) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, pause->time());
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return "Waited on the event loop.";
}

void add_routes(cloakroom::app& app) {
    app.get("/", [] { return "Hello, World!"; });
    app.post("/echo", [](const cloakroom::request& req) {
        return cloakroom::response(cloakroom::status::ok, std::string{req.body()},
                                   req.header("Content-Type").value_or("text/plain"));
    });
    app.get("/visits", [](cloakroom::session& session) {
        const int count = session.value("count", 0) + 1;
        session.set("count", count);
        return "You have visited " + std::to_string(count) + " times.";
    });
    app.get("/users/{id}", [](int id) { return json{{"id", id}}; });
    app.get("/slow", &wait_on_the_loop);
    app.get("/blocking", cloakroom::blocking([](cloakroom::query<pause_for> pause) {
                std::this_thread::sleep_for(pause->time());
                return "Waited on a worker thread.";
            }));
    app.get("/error", []() -> std::string { throw std::runtime_error("told to the log alone"); });
    app.health();
}

int main(int argc, char** argv) {
    try {
        cloakroom::command_line arguments(argc, argv);
        const std::string kind = arguments.value("--sessions", "memory", session_kinds);
        const std::string secret = arguments.value("--secret", "your secret key", "makes cookies");
        const cloakroom::run_options options = arguments.run_options();

        cloakroom::app app;
        use_sessions(app, kind, secret);
        add_routes(app);
        return app.run(options);
    } catch (const cloakroom::setup_error& error) {
        return cloakroom::report(error);
    }
}
