// SPDX-License-Identifier: MIT
// Compiled to see how long that takes: compile_time compares it with examples/hello.cpp.
#include "large_machine.hpp"

#include <cloakroom/app.hpp>
#include <cloakroom/machine_routes.hpp>

int main(int argc, char** argv) {
    cloakroom::app app;
    app.machine<large_machine::large>("/large");
    return app.run(argc, argv);
}
