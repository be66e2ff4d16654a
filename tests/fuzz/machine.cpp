// SPDX-License-Identifier: MIT
// A state machine in a session, from whatever was stored there, given any events.
// Property: what is stored is a machine or refused; an event that does not count changes nothing;
// and after each that counts, a new request finds the machine as it was left.
// Input: a line of events (a letter each, with an id behind it; the first 24 count), then the JSON
// that was stored.
#include "machine/checkout.hpp"
#include "machine/visit.hpp"
#include "target.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace cloakroom::fuzz {
namespace {

using namespace checkout_test;

constexpr session_time now{std::chrono::seconds{1'764'115'200}};
constexpr std::string_view key = "_machine.checkout";
constexpr int most_events = 24;  // more than there are ids to be remembered

event_outcome give(machine<checkout>& flow, char event, std::string_view id) {
    switch (event) {
        case 'a':
            return flow.try_apply(add_line{"apple", 1}, id);
        case 'b':
            return flow.try_apply(add_line{"none", 0}, id);
        case 'o':
            return flow.try_apply(check_out{}, id);
        case 'd':
            return flow.try_apply(decline{}, id);
        case 'p':
            return flow.try_apply(confirm{std::string(id)}, id);
        case 'g':
            return flow.try_apply(give_up{}, id);
        default:
            return flow.try_apply(cancel{}, id);
    }
}

std::string shown(const machine<checkout>& flow) {
    std::string all{flow.state_name()};
    flow.visit([&](const auto& state) { write_json(all, state); });
    return all + std::to_string(flow.since().time_since_epoch().count());
}

// One request. @return What is stored after it.
session_values request_with(const session_values& stored, std::string_view event) {
    visit one(stored);
    machine<checkout> flow(one.session(), now);
    const std::string before = shown(flow);
    bool has_counted = false;
    try {
        has_counted = give(flow, event[0], event.substr(1)).what == event_outcome::kind::applied;
    } catch (const http_error& error) {
        require(error.content().status == status::bad_request, "only an id is refused");
    }
    if (!has_counted) {
        require_same(shown(flow), before, "an event that does not count changes nothing");
        return stored;
    }
    const session_values after = one.values();
    visit next(after);
    const machine<checkout> found(next.session(), now);
    require_same(shown(found), shown(flow), "the next request finds the machine as it was left");
    return after;
}

}  // namespace

void check(std::string_view input) {
    std::string_view events = take_line(input);
    session_values stored;
    if (!input.empty()) {
        stored.set(key, input);
    }
    try {
        for (int count = 0; count < most_events && !events.empty(); ++count) {
            const std::string_view event = events.substr(0, events.find(' '));
            events.remove_prefix(std::min(event.size() + 1, events.size()));
            if (!event.empty()) {
                stored = request_with(stored, event);
            }
        }
    } catch (const machine_mismatch&) {
    } catch (const http_error& error) {
        require(error.content().status == status::service_unavailable,
                "what a newer program has stored is left alone");
    }
}

}  // namespace cloakroom::fuzz
