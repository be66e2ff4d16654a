// SPDX-License-Identifier: MIT
#include "app/app_implementation.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/setup_error.hpp>
#include <cloakroom/text.hpp>

#include <cstdio>
#include <string>
#include <utility>

namespace cloakroom {
namespace {

void log_to_standard_error(std::string_view line) {
    // One call, so that lines of several threads do not mix.
    static_cast<void>(
        std::fprintf(stderr, "cloakroom: %.*s\n", static_cast<int>(line.size()), line.data()));
}

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
    if (options.idle_time.count() <= 0 || options.absolute_time < options.idle_time ||
        options.touch_interval.count() < 0 || options.touch_interval >= options.idle_time) {
        throw setup_error(
            "session times must be: 0 <= touch_interval < idle_time <= "
            "absolute_time, and idle_time above 0");
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

void announce(const run_options& options, std::uint16_t port, bool has_development_cookies) {
    if (options.on_listening) {
        options.on_listening(port);
        return;
    }
    std::printf("listening on %s\n", address_text(options, port).c_str());
    if (has_development_cookies) {
        std::printf(
            "development: session cookies work without HTTPS, short secrets are accepted; "
            "behind a TLS proxy, use --deployment production\n");
    }
    static_cast<void>(std::fflush(stdout));
}

}  // namespace

// The base only keeps the reference: the table is made by then.
app::app() : app(std::make_unique<implementation>()) {}

app::app(std::unique_ptr<implementation> made)
    : router(made->routes), implementation_(std::move(made)) {
    implementation_->setup.log = &log_to_standard_error;
}

app::~app() = default;

void app::sessions(std::shared_ptr<session_store> store, session_options options) {
    implementation_->refuse_when_frozen();
    check(options);
    implementation_->setup.sessions = std::move(options);
    implementation_->setup.backend = make_backend(std::move(store));
}

void app::sessions(std::shared_ptr<async_session_store> store, session_options options) {
    implementation_->refuse_when_frozen();
    check(options);
    implementation_->setup.sessions = std::move(options);
    implementation_->setup.backend = make_backend(std::move(store));
}

void app::add_service(const std::type_info& type, std::shared_ptr<void> shared) {
    implementation_->refuse_when_frozen();
    implementation_->setup.services.push_back({&type, std::move(shared)});
}

void app::limit(const limits& values) {
    implementation_->refuse_when_frozen();
    implementation_->setup.limits = values;
}

void app::error_pages(std::function<response(const request&, const problem&)> make) {
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
        routes.freeze();
        dispatcher.emplace(routes, setup, development);
        is_development = development;
    }
    return *dispatcher;
}

int app::run(const run_options& options) {
    implementation& self = *implementation_;
    auto server = std::make_unique<net::server>(options);
    const bool development = is_development(options, server->is_loopback());
    dispatcher& requests = self.freeze(development);
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
    announce(options, port, development && self.setup.backend != nullptr);
    running->run();
    const std::lock_guard lock(self.mutex);
    self.is_stopped = true;
    return 0;
}

int app::run(int argc, const char* const* argv) {
    run_options options;
    try {
        options = command_line(argc, argv).run_options();
    } catch (const setup_error& error) {
        static_cast<void>(std::fprintf(stderr, "%s\n", error.what()));
        return 2;
    }
    try {
        return run(options);
    } catch (const setup_error& error) {
        static_cast<void>(std::fprintf(stderr, "%s\n", error.what()));
        return 1;
    }
}

std::uint16_t app::serve(boost::asio::io_context& loop, const run_options& options) {
    implementation& self = *implementation_;
    auto server = std::make_unique<net::server>(options);
    dispatcher& requests = self.freeze(is_development(options, server->is_loopback()));
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
