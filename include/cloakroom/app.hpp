// SPDX-License-Identifier: MIT
// The application: routes, middleware, services and sessions, and the ways to serve them. It is a
// value built in main; several may live in one process.
#pragma once

#include <cloakroom/command_line.hpp>
#include <cloakroom/http_error.hpp>
#include <cloakroom/limits.hpp>
#include <cloakroom/router.hpp>
#include <cloakroom/run_options.hpp>
#include <cloakroom/session_options.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <typeinfo>
#include <utility>

namespace boost::asio {
class io_context;
}

namespace cloakroom {

class async_session_store;

/// An HTTP application. Set it up, then serve it once: nothing can be added after that.
class app : public router {
public:
    app();
    app(const app&) = delete;
    app& operator=(const app&) = delete;

    /// Stops serving at once, without draining. Blocks while a worker runs a handler.
    ~app();

    /// Where sessions are kept. Without this no handler may take a session.
    ///
    /// @throws setup_error for no store, and for options that contradict each other, such as a
    ///         cookie name that is no token.
    void sessions(std::shared_ptr<session_store> store, session_options options = {});
    /// The same, with a store that waits for something.
    void sessions(std::shared_ptr<async_session_store> store, session_options options = {});

    /// Gives handlers that take a `service<T>` this T, which must outlive the app.
    ///
    /// @throws setup_error when a T was provided already.
    template <class T>
    void provide(T& shared) {
        add_service(typeid(T), std::shared_ptr<void>(std::shared_ptr<void>{}, &shared));
    }
    /// The same, but keeps it as long as the app lives.
    template <class T>
    void provide(std::shared_ptr<T> shared) {
        add_service(typeid(T), std::move(shared));
    }

    /// What a peer may send, and for how long.
    ///
    /// @throws setup_error for a limit of 0; only body_bytes and trailer_bytes may be.
    void limit(const limits& values);

    /// Adds two routes for load balancers and orchestrators. `prefix`/live answers 200 as long as
    /// the event loop does. `prefix`/ready answers 200 when this instance should get requests, else
    /// 503: its session store does not answer, or it is about to end (run_options::notice_time).
    /// Both are plain text, not to be cached. Answers of your own: take a `readiness`.
    ///
    /// @throws setup_error as the registering functions of router.
    void health(std::string_view prefix = "/health");

    /// Makes the response to errors: those thrown as http_error, a handler's other exceptions (as
    /// 500, without their text), 404, 405, and the errors of the request itself. The status is kept
    /// whatever the function sets. Without it, and where it returns nothing:
    /// application/problem+json (RFC 9457), and a small page for clients that prefer HTML. So a
    /// function may make pages for browsers alone (request::prefers_html()). It may be called on any
    /// event loop, so several at once.
    void error_pages(std::function<std::optional<response>(const request&, const problem&)> make);

    /// Takes lines for the operator, such as the text of an exception whose client only sees 500.
    /// Called by any thread; at most limits::log_lines a second, and a line that tells how many were
    /// left out. A sink that waits holds up requests. Default: standard error, which loses lines
    /// rather than wait where nobody takes them, and tells how many.
    void log(std::function<void(std::string_view line)> sink);

    /// Serves until SIGTERM, SIGINT or stop(), then, after `notice_time`, drains: it stops
    /// accepting, finishes what runs with "Connection: close", and closes what is left after
    /// `drain_time`. It cannot interrupt a blocking handler, and waits for it.
    ///
    /// @return 0.
    /// @throws setup_error before the first request: the port is in use, a service was not
    ///         provided, a secret is too short.
    int run(const run_options& options = {});

    /// As run(command_line(argc, argv).run_options()), but report()s what is wrong with the set-up
    /// and returns the exit status.
    int run(int argc, const char* const* argv);

    /// Serves on the event loop of a program that has one, with one thread: the one that runs
    /// `loop`. Returns at once. `loop` must not be destroyed while serving; its run() ends by
    /// itself after stop(), when nothing else holds it.
    ///
    /// @return The port.
    /// @throws setup_error as run().
    std::uint16_t serve(boost::asio::io_context& loop, const run_options& options = {});

    /// Begins to end, as SIGTERM does: after `notice_time` it drains. From any thread, at any time,
    /// any number of times; before run() it makes that return at once.
    void stop() noexcept;

private:
    friend class app_access;
    void add_service(const std::type_info& type, std::shared_ptr<void> shared);

    struct implementation;
    explicit app(std::unique_ptr<implementation> made);
    std::unique_ptr<implementation> implementation_;
};

}  // namespace cloakroom
