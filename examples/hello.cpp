// SPDX-License-Identifier: MIT
// The smallest app: one route, one text.
//
//     scripts/run hello
//     curl http://127.0.0.1:8080/
#include <cloakroom/app.hpp>

int main(int argc, char** argv) {
    cloakroom::app app;
    app.get("/", [] { return "Hello, World!"; });
    return app.run(argc, argv);
}
