// SPDX-License-Identifier: MIT
// A machine that counts, for cpu_per_request to compare with the visit counter:
//
//     bench/machine_server
//     curl --cookie-jar jar --cookie jar --json '{"by":1}' http://127.0.0.1:8080/flow/events/count
#include "counting_machine.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/machine_routes.hpp>
#include <cloakroom/memory_sessions.hpp>

int main(int argc, char** argv) {
    cloakroom::app app;
    app.sessions(cloakroom::memory_sessions());
    app.machine<counting_machine::flow>("/flow");
    return app.run(argc, argv);
}
