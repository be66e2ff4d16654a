// SPDX-License-Identifier: MIT
// What a Flask app may have put under a good signature.
// Property: whatever it is, it is found or refused; a session that is found is stored again as one
// with the same contents; and the next store after that changes nothing more.
// Input: "z" and a payload as Flask writes it (base64url, deflated with a dot before it), or a
// session's JSON.
#include "session/base64url.hpp"
#include "session/flask_signer.hpp"
#include "target.hpp"
#include <cloakroom/flask_cookie_sessions.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace cloakroom::fuzz {
namespace {

constexpr session_time now{std::chrono::seconds{1'700'000'000}};
const std::string secret = "a secret of more than 32 characters";

std::string base64url(std::string_view bytes) {
    std::string text(base64url_size(bytes.size()), '\0');
    base64url_encode(bytes, text.data());
    return text;
}

std::string signed_payload(std::string payload) {
    static const flask_signer signer(secret, {});
    const std::size_t size = payload.size();
    payload.resize(size + flask_signer::most_suffix_characters);
    payload.resize(signer.sign(payload.data(), size, now));
    return payload;
}

session_store& store() {
    static const std::unique_ptr<session_store> made = [] {
        auto prepared = flask_cookie_sessions({.secret = secret});
        prepared->prepare({.cookie_name = "session", .development = true});
        return prepared;
    }();
    return *made;
}

// The cookie of the same contents; empty when they do not fit in one.
std::string stored_again(const std::string& cookie, const session_record& record) {
    const session_token token{cookie};
    session_committed into;
    const session_commit outcome =
        store().commit({session_change::operation::replace, token, 0, record}, now, into);
    require(outcome == session_commit::committed || outcome == session_commit::too_large,
            "what was found is stored again, if it fits");
    return outcome == session_commit::committed ? std::string{into.token.text()} : std::string{};
}

}  // namespace

void check(std::string_view input) {
    const bool is_payload = input.starts_with('z');
    const std::string cookie =
        signed_payload(is_payload ? std::string(input.substr(1)) : base64url(input));
    stored_session first;
    const session_load outcome = store().load(session_token{cookie}, now, first);
    require(outcome != session_load::failed, "a cookie can always be judged");
    if (outcome != session_load::found) {
        return;
    }
    const std::string again = stored_again(cookie, first.record);
    if (again.empty()) {
        return;
    }
    stored_session second;
    require(store().load(session_token{again}, now, second) == session_load::found,
            "what is stored again is found");
    require_same(stored_again(again, second.record), again, "storing again changes nothing more");
    require(second.record.owner == first.record.owner, "the owner stays");
}

}  // namespace cloakroom::fuzz
