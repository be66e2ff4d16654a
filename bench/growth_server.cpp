// SPDX-License-Identifier: MIT
// Sends as many bytes as it is asked for, and counts those that it is sent, to show how the cost of
// a request grows with its content:
//
//     bench/growth_server
//     curl http://127.0.0.1:8080/bytes/1024
//     curl --data-binary @file http://127.0.0.1:8080/bytes
#include <cloakroom/app.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace {

constexpr std::size_t most_bytes = 1024UL * 1024;

struct content {
    std::string text = std::string(most_bytes, 'x');
};

}  // namespace

int main(int argc, char** argv) {
    content shared;
    cloakroom::app app;
    app.provide(shared);
    app.get("/bytes/{count}", [](std::size_t count, cloakroom::service<content> all) {
        cloakroom::response answer;
        answer.body_view(std::string_view(all->text).substr(0, count));  // it outlives the app
        return answer;
    });
    app.post("/bytes", [](const cloakroom::request& received) {
        return std::to_string(received.body().size());
    });
    return app.run(argc, argv);
}
