// SPDX-License-Identifier: MIT
// What is behind an app, for the ways to serve it.
#pragma once

#include "app/dispatcher.hpp"
#include "net/server.hpp"
#include "routing/route_table.hpp"
#include <cloakroom/app.hpp>

#include <memory>
#include <mutex>
#include <optional>

namespace cloakroom {

/// Set up by one thread; serving() and stop() by any.
struct app::implementation {
    route_table routes;
    app_setup setup;
    std::optional<cloakroom::dispatcher> dispatcher;
    bool is_development = false;

    std::mutex mutex;  // for what stop() needs
    std::unique_ptr<net::server> server;
    bool is_stopped = false;

    /// @throws setup_error once freeze() has been called.
    void refuse_when_frozen();

    /// From now on nothing can be added. May be called again, by any thread.
    ///
    /// @throws setup_error when it was frozen for another kind of deployment.
    cloakroom::dispatcher& freeze(bool development);

    /// The same, for sockets; the operator is told of development settings.
    cloakroom::dispatcher& freeze_to_serve(const run_options& options, bool is_loopback);
};

/// Lets the test client at an app.
class app_access {
public:
    using implementation = app::implementation;

    [[nodiscard]] static implementation& inside(app& of) noexcept { return *of.implementation_; }
};

}  // namespace cloakroom
