// SPDX-License-Identifier: MIT
// Cloakroom's own stores, and the smallest correct one, keep to the contract.
#include "reference_store.hpp"
#include <cloakroom/flask_cookie_sessions.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/sealed_cookie_sessions.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>
#include <cloakroom/testing/session_store_contract.hpp>

namespace cloakroom::testing {
namespace {

INSTANTIATE_TEST_SUITE_P(Reference, SessionStoreContract,
                         ::testing::Values(session_store_under_test{
                             .name = "Reference",
                             .make = [] { return std::make_shared<reference_store>(); }}));

INSTANTIATE_TEST_SUITE_P(Memory, SessionStoreContract,
                         ::testing::Values(session_store_under_test{
                             .name = "Memory", .make = [] { return memory_sessions(); }}));

cookie_session_settings settings() {
    return {.secret = "a secret of more than 32 characters"};
}

cookie_session_settings revocable_settings() {
    cookie_session_settings made = settings();
    made.revocations.emplace(memory_revocations(), when_unknown::refuse);
    return made;
}

cookie_session_settings layered_settings() {
    cookie_session_settings made = revocable_settings();
    made.spill_to = memory_sessions();
    return made;
}

flask_cookie_settings revocable_flask_settings() {
    flask_cookie_settings made{.secret = settings().secret};
    made.revocations.emplace(memory_revocations(), when_unknown::refuse);
    return made;
}

INSTANTIATE_TEST_SUITE_P(
    Cookies, SessionStoreContract,
    ::testing::Values(
        session_store_under_test{.name = "Signed",
                                 .make = [] { return signed_cookie_sessions(settings()); }},
        session_store_under_test{.name = "Sealed",
                                 .make = [] { return sealed_cookie_sessions(settings()); }},
        session_store_under_test{
            .name = "RevocableSigned",
            .make = [] { return signed_cookie_sessions(revocable_settings()); }},
        session_store_under_test{.name = "RevocableSpillingSealed",
                                 .make = [] { return sealed_cookie_sessions(layered_settings()); }},
        // Flask's cookie has one time, and names only where there are some.
        session_store_under_test{
            .name = "Flask",
            .make = [] { return flask_cookie_sessions({.secret = settings().secret}); },
            .keeps_times = false},
        session_store_under_test{
            .name = "RevocableFlask",
            .make = [] { return flask_cookie_sessions(revocable_flask_settings()); },
            .keeps_times = false}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace cloakroom::testing
