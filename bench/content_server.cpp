// SPDX-License-Identifier: MIT
// JSON, and static content that is held in memory, for cpu_per_request to compare with nginx:
//
//     bench/content_server
//     curl http://127.0.0.1:8080/json
//     curl --output /dev/null http://127.0.0.1:8080/1MiB
#include <cloakroom/app.hpp>
#include <cloakroom/json.hpp>

#include <string>

namespace {

struct greeting {
    std::string message;
    static constexpr auto fields =
        cloakroom::fields(cloakroom::field("message", &greeting::message));
};

struct content {
    std::string small = std::string(64UL * 1024, 'x');
    std::string large = std::string(1024UL * 1024, 'x');
};

/// Copies nothing: the content outlives the app.
cloakroom::response bytes(const std::string& text) {
    cloakroom::response response;
    response.set("Content-Type", "application/octet-stream").body_view(text);
    return response;
}

}  // namespace

int main(int argc, char** argv) {
    content held;
    cloakroom::app app;
    app.provide(held);
    app.get("/json", [] { return greeting{"Hello, World!"}; });
    app.get("/64KiB", [](cloakroom::service<content> shared) { return bytes(shared->small); });
    app.get("/1MiB", [](cloakroom::service<content> shared) { return bytes(shared->large); });
    return app.run(argc, argv);
}
