// SPDX-License-Identifier: MIT
// Counts the visits of each visitor. The handler is the same whatever store keeps the sessions.
//
//     scripts/run visit_counter              (or with --sessions memory)
//     curl --cookie-jar jar --cookie jar http://127.0.0.1:8080/
//     curl --cookie-jar jar --cookie jar http://127.0.0.1:8080/
#include <cloakroom/app.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/setup_error.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>

#include <memory>
#include <string>

std::shared_ptr<cloakroom::session_store> make_store(const std::string& kind,
                                                     const std::string& secret) {
    if (kind == "memory") {
        return cloakroom::memory_sessions();
    }
    if (kind == "signed") {
        return cloakroom::signed_cookie_sessions({.secret = secret});
    }
    throw cloakroom::setup_error("--sessions is memory or signed, not \"" + kind + "\"");
}

int main(int argc, char** argv) {
    try {
        cloakroom::command_line arguments(argc, argv);
        const std::string kind = arguments.value("--sessions", "signed", "memory or signed");
        const std::string secret = arguments.value("--secret", "your secret key", "signs cookies");
        const cloakroom::run_options options = arguments.run_options();

        cloakroom::app app;
        app.sessions(make_store(kind, secret));
        app.get("/", [](cloakroom::session& session) {
            const int count = session.value("count", 0) + 1;
            session.set("count", count);
            return "You have visited " + std::to_string(count) + " times.";
        });
        return app.run(options);
    } catch (const cloakroom::setup_error& error) {
        return cloakroom::report(error);
    }
}
