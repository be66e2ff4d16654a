// SPDX-License-Identifier: MIT
// app::health(): what load balancers and orchestrators ask.
#include <cloakroom/app.hpp>
#include <cloakroom/readiness.hpp>

namespace cloakroom {
namespace {

// Plain text for whoever asks, and no line in the log: it is asked every second or two.
response uncached(std::string_view word) {
    response made = text(std::string{word});
    made.set("Cache-Control", "no-store");
    return made;
}

response unready(std::string_view why) {
    response made = uncached(why);
    made.status(status::service_unavailable).set("Retry-After", "1");
    return made;
}

response answer_live() {
    return uncached("live");
}

response answer_ready(const readiness& now) {
    if (now.is_leaving) {
        return unready("This instance is about to end.");
    }
    return now.store_answers ? uncached("ready") : unready("The session store does not answer.");
}

}  // namespace

void app::health(std::string_view prefix) {
    group(prefix, [](router& at) {
        at.get("/live", &answer_live);
        at.get("/ready", &answer_ready);
    });
}

}  // namespace cloakroom
