// SPDX-License-Identifier: MIT
// Counts the visits of each visitor. The handler is the same whatever store keeps the sessions.
//
//     scripts/run visit_counter              (or with --sessions memory, sealed, flask, redis://…)
//     curl --cookie-jar jar --cookie jar http://127.0.0.1:8080/
//     curl --cookie-jar jar --cookie jar http://127.0.0.1:8080/
#include "session_store_option.hpp"
#include <cloakroom/app.hpp>

#include <string>

int main(int argc, char** argv) {
    try {
        cloakroom::command_line arguments(argc, argv);
        const std::string kind = arguments.value("--sessions", "signed", session_kinds);
        const std::string secret = arguments.value("--secret", "your secret key", "makes cookies");
        const cloakroom::run_options options = arguments.run_options();

        cloakroom::app app;
        use_sessions(app, kind, secret);
        app.get("/", [](cloakroom::session& session) {
            const int count = session.value("count", 0) + 1;
            session.set("count", count);
            return "You have visited " + std::to_string(count) + " times.";
        });
        app.health();  // for a load balancer: examples/cluster
        return app.run(options);
    } catch (const cloakroom::setup_error& error) {
        return cloakroom::report(error);
    }
}
