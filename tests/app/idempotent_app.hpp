// SPDX-License-Identifier: MIT
// An app under idempotent(), for its tests.
#pragma once

#include "session_app.hpp"
#include <cloakroom/idempotent.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {

using field_list = std::vector<std::pair<std::string, std::string>>;

/// How often a handler ran, and how often what it did was committed.
struct payment_tally {
    int calls = 0;
    int effects = 0;
};

/// Pays once: the session counts, and a payment's number is in its answer.
inline response pay(session& visitor, service<payment_tally> seen) {
    ++seen->calls;
    const int count = visitor.value("count", 0) + 1;
    visitor.set("count", count);
    visitor.after_commit([seen] { ++seen->effects; });
    response made{status::created, "paid " + std::to_string(count), "text/plain"};
    made.set("Location", "/payments/" + std::to_string(count));
    made.set_cookie({.name = "payment", .value = std::to_string(count)});
    return made;
}

struct idempotent_app : session_app {
    payment_tally seen;

    explicit idempotent_app(store_kind kind = store_kind::memory, idempotent_options options = {},
                            session_options sessions = {})
        : session_app(kind, std::move(sessions)) {
        under_test.provide(seen);
        under_test.use(idempotent(options));
        under_test.post("/pay", &pay);
        under_test.patch("/pay", &pay);
        under_test.post("/pay/other", &pay);
        under_test.any("/plain", [](service<payment_tally> calls) {
            ++calls->calls;
            return "plain " + std::to_string(calls->calls);
        });
    }
};

/// A request with an Idempotency-Key.
inline testing::reply send_keyed(testing::client& by, std::string key,
                                 std::string_view target = "/pay", std::string_view body = "10 EUR",
                                 method verb = method::post) {
    return by.send(verb, target, body, {{"Idempotency-Key", std::move(key)}});
}

[[nodiscard]] inline bool is_replayed(const testing::reply& answer) {
    return answer.header("Idempotency-Replayed") == "true";
}

}  // namespace cloakroom
