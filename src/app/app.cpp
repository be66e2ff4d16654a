// SPDX-License-Identifier: MIT
#include "app/app_implementation.hpp"
#include "app/error_log.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/setup_error.hpp>
#include <cloakroom/text.hpp>

#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>

namespace cloakroom {
namespace {

void check(const session_options& options) {
    if (!is_token(options.cookie_name) || options.cookie_name.substr(0, 2) == "__") {
        throw setup_error(
            "the session cookie's name must be a token such as \"session\", without "
            "a prefix: that is added");
    }
    if (options.same_site == same_site::none) {
        throw setup_error(
            "a session cookie with SameSite=None would be sent with requests that "
            "other sites cause: use lax or strict");
    }
    if (options.idle_time.count() <= 0 || options.absolute_time.count() <= 0) {
        throw setup_error("a session's idle_time and absolute_time must be above 0 s");
    }
    if (options.store_time.count() <= 0) {
        throw setup_error("a session's store_time must be above 0 ms");
    }
    if (options.touch_interval &&
        (options.touch_interval->count() < 0 || *options.touch_interval >= options.idle_time)) {
        throw setup_error("a session's touch_interval of " +
                          std::to_string(options.touch_interval->count()) +
                          " s must be at least 0 s and below its idle_time of " +
                          std::to_string(options.idle_time.count()) + " s");
    }
}

void check(const limits& values) {
    using namespace std::chrono_literals;
    const std::pair<const char*, bool> faults[] = {
        {"header_bytes", values.header_bytes == 0},     {"header_count", values.header_count == 0},
        {"target_bytes", values.target_bytes == 0},     {"connections", values.connections == 0},
        {"bytes_a_second", values.bytes_a_second == 0}, {"header_time", values.header_time <= 0ms},
        {"body_time", values.body_time <= 0ms},         {"idle_time", values.idle_time <= 0ms},
        {"write_time", values.write_time <= 0ms},       {"log_lines", values.log_lines == 0},
        {"held_bytes", values.held_bytes == 0},
    };
    for (const auto& [name, is_fault] : faults) {
        if (is_fault) {
            throw setup_error(std::string{"app.limit(...): "} + name + " must be above 0");
        }
    }
}

std::string address_text(const run_options& options, std::uint16_t port) {
    const bool is_v6 = options.host.find(':') != std::string::npos;
    return "http://" + (is_v6 ? "[" + options.host + "]" : options.host) + ":" +
           std::to_string(port);
}

bool is_development(const run_options& options, bool is_loopback) noexcept {
    return options.deployment == deployment::development ||
           (options.deployment == deployment::automatic && is_loopback);
}

void announce(const run_options& options, std::uint16_t port) {
    if (options.on_listening) {
        options.on_listening(port);
        return;
    }
    static_cast<void>(std::fflush(stdout));  // what the program has printed comes first
    static_cast<void>(
        write_at_once(STDOUT_FILENO, "listening on " + address_text(options, port) + "\n"));
}

}  // namespace

// The base only keeps the reference: the table is made by then.
app::app() : app(std::make_unique<implementation>()) {}

app::app(std::unique_ptr<implementation> made)
    : router(made->routes), implementation_(std::move(made)) {
    implementation_->setup.log = [to = std::make_shared<error_log>(STDERR_FILENO)](
                                     std::string_view line) { to->write(line); };
}

app::~app() = default;

void app::sessions(std::shared_ptr<session_store> store, session_options options) {
    implementation_->refuse_when_frozen();
    if (!store) {
        throw setup_error("app.sessions(...) was given no store");
    }
    check(options);
    implementation_->setup.sessions = std::move(options);
    implementation_->setup.backend = make_backend(std::move(store));
}

void app::sessions(std::shared_ptr<async_session_store> store, session_options options) {
    implementation_->refuse_when_frozen();
    if (!store) {
        throw setup_error("app.sessions(...) was given no store");
    }
    check(options);
    implementation_->setup.sessions = std::move(options);
    implementation_->setup.backend =
        make_backend(std::move(store), implementation_->setup.sessions.store_time);
}

void app::add_service(const std::type_info& type, std::shared_ptr<void> shared) {
    implementation_->refuse_when_frozen();
    if (!shared) {
        throw setup_error("app.provide(...) was given a null pointer");
    }
    for (const provided_service& each : implementation_->setup.services) {
        if (*each.type == type) {
            throw setup_error("app.provide(...) was given a " + readable_name(type) +
                              " already: a service<T> is one T");
        }
    }
    implementation_->setup.services.push_back({&type, std::move(shared)});
}

void app::limit(const limits& values) {
    implementation_->refuse_when_frozen();
    check(values);
    implementation_->setup.limits = values;
}

void app::error_pages(std::function<std::optional<response>(const request&, const problem&)> make) {
    implementation_->refuse_when_frozen();
    implementation_->setup.error_pages = std::move(make);
}

void app::log(std::function<void(std::string_view)> sink) {
    implementation_->refuse_when_frozen();
    implementation_->setup.log = std::move(sink);
}

void app::implementation::refuse_when_frozen() {
    const std::lock_guard lock(mutex);
    if (dispatcher) {
        throw setup_error(
            "the app is serving already: set it up before run(), serve() or the "
            "first testing::client");
    }
}

dispatcher& app::implementation::freeze(bool development) {
    const std::lock_guard lock(mutex);
    if (!dispatcher) {
        dispatcher.emplace(routes, setup, development);  // may refuse: then the app stays open
        routes.freeze();
        is_development = development;
    } else if (is_development != development) {
        throw setup_error(std::string{"the app is set up for "} +
                          (is_development ? "development" : "production") +
                          " already, by a testing::client or by serving: use another app, or give "
                          "the client the same deployment");
    }
    return *dispatcher;
}

dispatcher& app::implementation::freeze_to_serve(const run_options& options, bool is_loopback) {
    const bool development = cloakroom::is_development(options, is_loopback);
    cloakroom::dispatcher& frozen = freeze(development);
    if (development && setup.backend) {
        frozen.log(
            "development: session cookies work without HTTPS, and short secrets are accepted; "
            "behind a TLS proxy, use --deployment production");
    }
    return frozen;
}

int app::run(const run_options& options) {
    keep_standard_descriptors();
    implementation& self = *implementation_;
    auto server = std::make_unique<net::server>(options, self.setup.is_leaving);
    dispatcher& requests = self.freeze_to_serve(options, server->is_loopback());
    const std::uint16_t port = server->port();
    server->prepare(requests, self.setup.limits);
    net::server* running = nullptr;
    {
        const std::lock_guard lock(self.mutex);
        if (self.server) {
            throw setup_error("the app is serving already: make another app");
        }
        self.server = std::move(server);
        running = self.server.get();
        if (self.is_stopped) {
            running->stop();
        }
    }
    announce(options, port);
    running->run();
    const std::lock_guard lock(self.mutex);
    self.is_stopped = true;
    return 0;
}

int app::run(int argc, const char* const* argv) {
    try {
        return run(command_line(argc, argv).run_options());
    } catch (const setup_error& error) {
        return report(error);
    }
}

std::uint16_t app::serve(boost::asio::io_context& loop, const run_options& options) {
    keep_standard_descriptors();
    implementation& self = *implementation_;
    auto server = std::make_unique<net::server>(options, self.setup.is_leaving);
    dispatcher& requests = self.freeze_to_serve(options, server->is_loopback());
    const std::uint16_t port = server->port();
    server->serve_on(loop, requests, self.setup.limits);
    const std::lock_guard lock(self.mutex);
    if (self.server) {
        throw setup_error("the app is serving already: make another app");
    }
    self.server = std::move(server);
    if (self.is_stopped) {
        self.server->stop();
    }
    if (options.on_listening) {
        options.on_listening(port);
    }
    return port;
}

void app::stop() noexcept {
    const std::lock_guard lock(implementation_->mutex);
    implementation_->is_stopped = true;
    if (implementation_->server) {
        implementation_->server->stop();
    }
}

}  // namespace cloakroom
