// SPDX-License-Identifier: MIT
// Session cookies in the signed, the sealed and Flask's format, under a secret that is known here.
// Property: a text that the store did not make is invalid, and so is one that it made with any
// change; the same cookie unchanged is found.
// Input: a character that says which store (s, e, f), one that says what follows (t: the text of a
// cookie; else edits of a good one), and that. An edit is three bytes: what to do, where, with what.
#include "target.hpp"
#include <cloakroom/flask_cookie_sessions.hpp>
#include <cloakroom/sealed_cookie_sessions.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace cloakroom::fuzz {
namespace {

constexpr session_time now{std::chrono::seconds{1'800'000'000}};
const std::string secret = "a secret of more than 32 characters";

session_record sample_record() {
    session_record made;
    made.values.set("cart", R"(["apple","pear"])");
    made.values.set("count", "7");
    made.owner = "alice";
    made.issued = made.used = now;
    made.idle_deadline = now + std::chrono::hours{1};
    made.absolute_deadline = now + std::chrono::hours{24};
    return made;
}

/// A store, and a cookie of it.
struct subject {
    explicit subject(std::unique_ptr<session_store> of) : store(std::move(of)) {
        store->prepare({.cookie_name = "session", .development = true});
        const session_token none;
        session_committed into;
        const session_record record = sample_record();
        require(store->commit({session_change::operation::insert, none, 0, record}, now, into) ==
                    session_commit::committed,
                "a cookie is made");
        cookie = into.token.text();
    }

    [[nodiscard]] session_load load(const std::string& text) const {
        stored_session into;
        const session_load outcome = store->load(session_token{text}, now, into);
        require(outcome != session_load::found || into.record.values == sample_record().values,
                "what is found was stored");
        return outcome;
    }

    std::unique_ptr<session_store> store;
    std::string cookie;
};

std::string edited(std::string text, std::string_view edits) {
    for (; edits.size() >= 3 && !text.empty(); edits.remove_prefix(3)) {
        const std::size_t place = static_cast<unsigned char>(edits[1]) % text.size();
        const char byte = edits[2];
        switch (edits[0] & 3) {
            case 0:
                text[place] = byte;
                break;
            case 1:
                text.insert(place, 1, byte);
                break;
            case 2:
                text.erase(place, 1);
                break;
            default:
                text.insert(text.size() - place, text.substr(0, static_cast<unsigned char>(byte)));
                break;
        }
    }
    return text;
}

const subject& subject_named(char name) {
    static const subject sign(signed_cookie_sessions({.secret = secret}));
    static const subject seal(sealed_cookie_sessions({.secret = secret}));
    static const subject flask(flask_cookie_sessions({.secret = secret}));
    return name == 's' ? sign : name == 'e' ? seal : flask;
}

}  // namespace

void check(std::string_view input) {
    if (input.size() < 2) {
        return;
    }
    const subject& at = subject_named(input[0]);
    const std::string_view rest = input.substr(2);
    const std::string text = input[1] == 't' ? std::string(rest) : edited(at.cookie, rest);
    require(at.load(text) == (text == at.cookie ? session_load::found : session_load::invalid),
            "a cookie is found when it is the store's own, and else invalid");
}

}  // namespace cloakroom::fuzz
