// SPDX-License-Identifier: MIT
// A server that tells which requests it has seen: on standard output, "METHOD STATUS ID" for each
// that it answers, ID being what the proxy before it has named the request, or "nameless METHOD
// TARGET" for one that no proxy can have sent. Each response says the ID and the method, too.
#include <cloakroom/app.hpp>
#include <cloakroom/command_line.hpp>
#include <cloakroom/setup_error.hpp>
#include <cloakroom/text.hpp>

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace {

/// All that the proxies have put in, in the order it came.
std::string ids_of(const cloakroom::request& req) {
    std::string ids;
    for (const cloakroom::field_view& each : req.headers()) {
        if (cloakroom::equals_ignoring_case(each.name, "X-Proxy-Id")) {
            ids += (ids.empty() ? "" : ",") + std::string{each.value};
        }
    }
    return ids;
}

void say(const std::string& line) {
    std::fputs((line + "\n").c_str(), stdout);
}

// Not called for what is refused, of which no field is known.
std::optional<cloakroom::response> complain_of_nameless(const cloakroom::request& req) {
    if (ids_of(req).empty()) {
        say("nameless " + std::string{to_string(req.method())} + " " + std::string{req.target()});
    }
    return std::nullopt;
}

void tell(const cloakroom::request& req, cloakroom::response& res) {
    const std::string ids = ids_of(req);
    const std::string method{to_string(req.method())};
    say(method + " " + std::to_string(to_number(res.status())) + " " +
        (ids.empty() ? "refused" : ids));
    res.set("X-Seen-Id", ids.empty() ? "refused" : ids);
    res.set("X-Seen-Method", method);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        cloakroom::command_line arguments(argc, argv);
        const cloakroom::run_options options = arguments.run_options();
        cloakroom::app app;
        app.before(&complain_of_nameless);
        app.after(&tell);
        app.get("/", [] { return "Hello, World!"; });
        app.get("/users/{id}", [](int id) { return std::to_string(id); });
        app.post("/echo", [](const cloakroom::request& req) { return std::string{req.body()}; });
        return app.run(options);
    } catch (const cloakroom::setup_error& error) {
        return cloakroom::report(error);
    }
}
