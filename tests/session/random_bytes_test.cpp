// SPDX-License-Identifier: MIT
// A system that gives no random bytes: whatever takes them fails, and says so; what takes none goes
// on.
#include "session/random_bytes.hpp"

#include "../refused_call.hpp"
#include "cookie_fixture.hpp"
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/session_revocations.hpp>

#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace cloakroom {
namespace {

constexpr refused_call no_random_bytes{SYS_getrandom, ENOSYS};

committed_change insert_without_random_bytes(session_store& store) {
    committed_change made;
    with_refused(no_random_bytes,
                 [&] { made = commit(store, operation::insert, "", record_of("alice")); });
    return made;
}

void expect_unavailable_once(session_store& store) {
    const committed_change made = insert_without_random_bytes(store);
    EXPECT_EQ(made.outcome, session_commit::unavailable);
    EXPECT_EQ(made.token, "");
    EXPECT_EQ(loaded(store, insert(store, record_of("alice"))), record_of("alice"));
}

TEST(RandomBytes, ThatTheSystemDoesNotGiveAreAnError) {
    std::array<char, 32> into{};
    try {
        with_refused(no_random_bytes, [&] { fill_random(into); });
        FAIL() << "no error";
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code().value(), ENOSYS);
    }
}

TEST(RandomBytes, AreTakenByMemorySessions) {
    expect_unavailable_once(*memory_sessions());
}

TEST(RandomBytes, AreTakenBySealedCookies) {
    const auto store = prepared(sealed_cookie_sessions({.secret = secret}));
    expect_unavailable_once(*store);
}

TEST(RandomBytes, AreTakenByRevocableCookies) {
    const std::shared_ptr<session_revocations> ended = memory_revocations();
    for (const cookie_kind& kind : cookie_kinds) {
        SCOPED_TRACE(kind.name);
        const auto store = kind.store(
            {.secret = secret, .revocations = revocation_setting(ended, when_unknown::refuse)});
        expect_unavailable_once(*store);
    }
}

TEST(RandomBytes, AreNotTakenBySignedCookies) {
    const auto store = prepared(signed_cookie_sessions({.secret = secret}));
    const committed_change made = insert_without_random_bytes(*store);
    EXPECT_EQ(made.outcome, session_commit::committed);
    EXPECT_EQ(loaded(*store, made.token), record_of("alice"));
}

TEST(RandomBytes, AreNotTakenToOpenASealedCookie) {
    const auto store = prepared(sealed_cookie_sessions({.secret = secret}));
    const std::string token = insert(*store, record_of("alice"));
    const auto another = prepared(sealed_cookie_sessions({.secret = secret}));
    session_load outcome = session_load::failed;
    with_refused(no_random_bytes, [&] { outcome = load(*another, token); });
    EXPECT_EQ(outcome, session_load::found);
}

}  // namespace
}  // namespace cloakroom
