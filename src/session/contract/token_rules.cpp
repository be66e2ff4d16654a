// SPDX-License-Identifier: MIT
// Rules of the contract: what a token is, and what is none.
#include "session/contract/subject.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace cloakroom::testing::session_store_rules {
namespace {

// RFC 6265bis section 4.1.1.
bool is_cookie_octet(char each) noexcept {
    return each > ' ' && each < '\x7f' && each != '"' && each != ',' && each != ';' && each != '\\';
}

constexpr std::size_t most_token_characters = 4096 - std::string_view{"__Host-session="}.size();

// 128 random bits as base64url.
constexpr std::size_t least_token_characters = 22;

// How many characters two of them have at least that differ: in random ones all but a few do.
constexpr std::size_t least_difference = 16;

std::size_t difference(std::string_view left, std::string_view right) noexcept {
    const std::size_t common = std::min(left.size(), right.size());
    std::size_t count = std::max(left.size(), right.size()) - common;
    for (std::size_t index = 0; index < common; ++index) {
        count += left[index] != right[index] ? 1U : 0U;
    }
    return count;
}

// Well-formed but never issued: a good one of another store of that kind.
session_token foreign_token(const session_store_under_test& given) {
    subject other(given);
    return other.begin(subject::record("\"foreign\"")).token;
}

// What a client can make of a good token, none of which is one.
std::vector<std::string> spoilt(std::string_view good) {
    std::vector<std::string> made{
        {},
        "x",
        " ",
        std::string(1, '\0'),
        std::string(good) + 'A',
        std::string(good) + '=',
        std::string(good) + '\0',
        'A' + std::string(good),
        '\0' + std::string(good),
        ' ' + std::string(good),
        std::string(good) + std::string(good),
        std::string(good.size(), 'A'),
        std::string(good.size(), '\0'),
        std::string(good.size(), '\xff'),
        std::string(1'000'000, 'A'),
        std::string(good) + std::string(100'000, 'A'),
    };
    for (std::size_t length = 1; length < good.size(); ++length) {
        made.emplace_back(good.substr(0, length));
        made.emplace_back(good.substr(length));
    }
    for (std::size_t index = 0; index < good.size(); ++index) {
        const char before = good[index];
        const std::array others{static_cast<char>(before ^ 1),
                                static_cast<char>(before ^ 0x20),
                                'A',
                                'z',
                                '=',
                                '.',
                                '\0',
                                '\xff'};
        for (const char other : others) {
            if (other != before) {
                made.emplace_back(good);
                made.back()[index] = other;
            }
        }
    }
    return made;
}

}  // namespace

violations a_load_finds_what_was_inserted(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        const session_record record = subject::record("\"Ada\"");
        const commit_answer inserted = tried.begin(record);
        const stored_session stored = tried.open(inserted.token);
        tried.expect(tried.is_same(stored.record, record),
                     "a load gives another record than was inserted");
        tried.expect(!tried.can().compare_and_swap || stored.version == inserted.version,
                     "a load gives another version than the insert");
        tried.expect(!stored.wants_renewal, "a session wants renewal as soon as it is inserted");
    });
}

violations a_store_serves_in_development_too(const session_store_under_test& given) {
    return examine(
        given,
        [](subject& tried) {
            const session_record record = subject::record();
            const commit_answer inserted = tried.begin(record);
            tried.expect(tried.is_same(tried.open(inserted.token).record, record),
                         "in development a load gives another record than was inserted");
        },
        true);
}

violations a_ping_is_answered(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        tried.expect(tried.store().ping(subject::start), "a ping of a store that works is no");
        const commit_answer inserted = tried.begin(subject::record());
        tried.expect(tried.store().ping(subject::start),
                     "a ping of a store that works and has a session is no");
        tried.expect(tried.opens(inserted.token), "a ping ends a session");
    });
}

violations tokens_are_cookie_values(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        const auto look = [&](const session_token& token) {
            tried.expect(
                std::all_of(token.text().begin(), token.text().end(), &is_cookie_octet),
                "a token has characters that no cookie may have: " + std::string{token.text()});
            tried.expect(token.text().size() <= most_token_characters,
                         "a token is longer than browsers keep");
        };
        const commit_answer inserted = tried.begin(subject::record("\"a;b,c\\\\d \xc3\xa9\""));
        look(inserted.token);
        const commit_answer replaced = tried.commit(operation::replace, inserted.token,
                                                    inserted.version, subject::record("2"));
        look(replaced.token);
        look(tried.commit(operation::rename, replaced.token, replaced.version, subject::record())
                 .token);
    });
}

violations tokens_are_fresh(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        if (!tried.can().compare_and_swap && !tried.can().revocable) {
            return;  // the token is the contents, and equal ones may have equal tokens
        }
        std::set<std::string, std::less<>> seen;
        std::string before;
        for (int count = 0; count < 1'000; ++count) {
            const std::string token{tried.begin(subject::record()).token.text()};
            tried.expect(token.size() >= least_token_characters,
                         "a token is too short to be unguessable: " + token);
            tried.expect(seen.insert(token).second, "two sessions have the same token");
            tried.expect(before.empty() || difference(before, token) >= least_difference,
                         "one token can be guessed from the one before");
            before = token;
        }
    });
}

violations tokens_open_only_their_own_session(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        const session_token mine = tried.begin(subject::record("1")).token;
        const session_token theirs = tried.begin(subject::record("2")).token;
        tried.expect(tried.open(mine).record.values == subject::record("1").values &&
                         tried.open(theirs).record.values == subject::record("2").values,
                     "a token opens the session of another one");
        const stored_session stored = tried.open(mine);
        tried.commit(operation::replace, mine, stored.version, subject::record("3"));
        tried.expect(tried.open(theirs).record.values == subject::record("2").values,
                     "a replace changes another session");
        tried.commit(operation::erase, mine, 0, subject::record());
        tried.expect(tried.opens(theirs), "an erase ends another session");
    });
}

violations an_insert_ignores_the_token_it_is_given(const session_store_under_test& given) {
    return examine(given, [&](subject& tried) {
        const session_token planted = foreign_token(given);
        const commit_answer inserted =
            tried.commit(operation::insert, planted, 0, subject::record());
        tried.expect(inserted.outcome == session_commit::committed,
                     "an insert with a token was answered " + name_of(inserted.outcome));
        tried.expect(inserted.has_new_token && inserted.token.text() != planted.text(),
                     "an insert adopts the token it is given");
        tried.expect(!tried.can().compare_and_swap || !tried.opens(planted),
                     "the token that was given to an insert opens a session");
    });
}

violations bad_tokens_open_nothing(const session_store_under_test& given) {
    return examine(given, [&](subject& tried) {
        const session_token good = tried.begin(subject::record()).token;
        for (const std::string& text : spoilt(good.text())) {
            const session_load outcome = tried.load(session_token{text});
            tried.expect(outcome == session_load::absent || outcome == session_load::invalid,
                         "a token that is none, of " + std::to_string(text.size()) +
                             " characters, was answered " + name_of(outcome));
        }
        if (tried.can().compare_and_swap) {
            const session_load outcome = tried.load(foreign_token(given));
            tried.expect(outcome == session_load::absent,
                         "a token that was never issued was answered " + name_of(outcome));
        }
        tried.expect(tried.opens(good), "a session is lost after loads of bad tokens");
    });
}

violations bad_tokens_change_nothing(const session_store_under_test& given) {
    return examine(given, [&](subject& tried) {
        const commit_answer good = tried.begin(subject::record());
        for (const std::string& text : spoilt(good.token.text())) {
            for (const operation what :
                 {operation::replace, operation::touch, operation::rename, operation::erase}) {
                const session_commit outcome =
                    tried.commit(what, session_token{text}, good.version, subject::record("2"))
                        .outcome;
                tried.expect(!tried.can().compare_and_swap || what == operation::erase ||
                                 outcome == session_commit::gone,
                             "a change of a token that is none was answered " + name_of(outcome));
                tried.expect(what != operation::erase || outcome == session_commit::committed,
                             "an erase of a token that is none was answered " + name_of(outcome));
            }
            tried.expect(!tried.opens(session_token{text}),
                         "a token that was none opens a session");
        }
        tried.expect(tried.open(good.token).record.values == subject::record().values,
                     "a change of a token that is none changes a session");
    });
}

violations foreign_tokens_are_not_adopted(const session_store_under_test& given) {
    return examine(given, [&](subject& tried) {
        if (!tried.can().compare_and_swap) {
            return;  // it cannot tell which tokens it issued
        }
        const session_token foreign = foreign_token(given);
        for (const session_version expected : {0U, 1U}) {
            for (const auto& [what, name] :
                 {std::pair{operation::replace, "replace"}, std::pair{operation::touch, "touch"},
                  std::pair{operation::rename, "rename"}}) {
                const commit_answer answer =
                    tried.commit(what, foreign, expected, subject::record());
                tried.expect(answer.outcome == session_commit::gone,
                             std::string{"a "} + name +
                                 " of a token that was never issued was "
                                 "answered " +
                                 name_of(answer.outcome));
                tried.expect(!tried.opens(foreign),
                             std::string{"a "} + name + " adopts a token that was never issued");
            }
        }
    });
}

}  // namespace cloakroom::testing::session_store_rules
