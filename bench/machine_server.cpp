// SPDX-License-Identifier: MIT
// A machine that counts, for cpu_per_request to compare with the visit counter:
//
//     bench/machine_server
//     curl --cookie-jar jar --cookie jar --json '{"by":1}' http://127.0.0.1:8080/flow/events/count
#include <cloakroom/app.hpp>
#include <cloakroom/machine_routes.hpp>
#include <cloakroom/memory_sessions.hpp>

#include <variant>

namespace {

struct counting {
    int count = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("count", &counting::count));
};

struct count {
    int by = 1;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("by", &count::by));
};

struct flow : cloakroom::machine_of<counting> {
    using events = cloakroom::events<count>;
    static std::variant<counting, cloakroom::refused> apply(const counting& from,
                                                            const count& event) {
        if (event.by < 1 || event.by > 9) {
            return cloakroom::refused{"Count by 1 to 9."};
        }
        return counting{from.count + event.by};
    }
};

}  // namespace

int main(int argc, char** argv) {
    cloakroom::app app;
    app.sessions(cloakroom::memory_sessions());
    app.machine<flow>("/flow");
    return app.run(argc, argv);
}
