// SPDX-License-Identifier: MIT
// A user's program: succeeds when an app of the installed library answers, or writes out why not.
#include <cloakroom/app.hpp>
#include <cloakroom/async.hpp>
#include <cloakroom/json.hpp>
#include <cloakroom/redis_sessions.hpp>
#include <cloakroom/testing/client.hpp>

#include <iostream>
#include <string>

namespace {

bool answers(cloakroom::testing::client& client, std::string_view target, std::string_view body) {
    const auto reply = client.get(target);
    if (reply.status != 200 || reply.body != body) {
        std::cerr << target << " answered " << reply.status << ' ' << reply.body << '\n';
        return false;
    }
    return true;
}

}  // namespace

int main() {
    cloakroom::app app;
    app.get("/", [] { return "Hello, World!"; });
    app.get("/doubled/{number}", [](int number) { return cloakroom::json({{"is", 2 * number}}); });
    app.sessions(cloakroom::redis_sessions("redis://127.0.0.1:1"));  // linked, but never asked
    app.get("/later", []() -> cloakroom::task<std::string> { co_return "later"; });

    cloakroom::testing::client client(app);
    const bool is_working = answers(client, "/", "Hello, World!") &&
                            answers(client, "/doubled/21", R"({"is":42})") &&
                            answers(client, "/later", "later");
    return is_working ? 0 : 1;
}
