// SPDX-License-Identifier: MIT
// Inside a program that has an event loop of its own: here it counts seconds, and the app tells how
// many. Everything runs on one thread.
//
//     scripts/run embedded
//     curl http://127.0.0.1:8080/
#include <cloakroom/app.hpp>
#include <cloakroom/setup_error.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdio>
#include <functional>
#include <string>

struct uptime {
    int seconds = 0;
};

int main(int argc, char** argv) {
    boost::asio::io_context loop;
    boost::asio::steady_timer ticker(loop);
    uptime since_start;
    const std::function<void()> tick = [&] {
        ticker.expires_after(std::chrono::seconds{1});
        ticker.async_wait([&](boost::system::error_code error) {
            if (!error) {
                ++since_start.seconds;
                tick();
            }
        });
    };
    tick();

    cloakroom::app app;
    app.provide(since_start);
    app.get("/", [](cloakroom::service<uptime> up) {
        return "Up for " + std::to_string(up->seconds) + " seconds.";
    });

    boost::asio::signal_set signals(loop, SIGINT, SIGTERM);
    signals.async_wait([&](boost::system::error_code, int) {
        app.stop();  // drains; the loop ends when the program has nothing else to do
        ticker.cancel();
    });
    try {
        const auto options = cloakroom::command_line(argc, argv).run_options();
        const auto port = app.serve(loop, options);
        std::printf("listening on http://%s:%u\n", options.host.c_str(), unsigned{port});
        std::fflush(stdout);
        loop.run();
    } catch (const cloakroom::setup_error& error) {
        return cloakroom::report(error);
    }
}
