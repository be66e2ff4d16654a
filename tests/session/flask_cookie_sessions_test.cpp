// SPDX-License-Identifier: MIT
// What Flask's cookie says and how it is signed, dated and bounded. Its JSON: flask_json_test.cpp.
#include "flask_fixture.hpp"
#include <cloakroom/setup_error.hpp>

#include <array>
#include <limits>
#include <vector>

namespace cloakroom {
namespace {

using namespace flask_test;

TEST(FlaskCookieSessions, ReadAndWriteWhatFlaskWroteByteForByte) {
    const json all = vectors();
    ASSERT_EQ(all["vectors"].size(), 7U);
    for (const json& vector : all["vectors"]) {
        SCOPED_TRACE(vector["name"].get<std::string>());
        const auto store = store_with({.secret = vector["secret"]});
        const std::string cookie = vector["cookie"];
        const session_time when = at(vector["time"].get<std::int64_t>());
        const session_record record = found(*store, cookie, when);
        EXPECT_EQ(record.issued, when);
        EXPECT_EQ(record.used, when);
        EXPECT_EQ(replace(*store, cookie, record, operation::touch, when), cookie);
        EXPECT_EQ(replace(*store, cookie, record, operation::replace, when), cookie);
        EXPECT_EQ(replace(*store, cookie, record, operation::rename, when), cookie);
    }
}

TEST(FlaskCookieSessions, MakeTheCookieThatFlaskMakesOfTheSameContents) {
    const auto store = store_with({.secret = "your secret key"});
    EXPECT_EQ(insert(*store, record_of({{"count", "1"}})),
              "eyJjb3VudCI6MX0.ZVPxAA.Myc0sezJ0EO6N2D4kvceqYRfM8c");
    const auto other = store_with({.secret = "ключ"});
    EXPECT_EQ(insert(*other, record_of({{"name", "\"你好 🌍\""}})),
              "eyJuYW1lIjoiXHU0ZjYwXHU1OTdkIFx1ZDgzY1x1ZGYwZCJ9.ZVPxAA."
              "R9Dn258bX1MlA4UNXFb-4V_EAAU");
}

TEST(FlaskCookieSessions, AskForRenewalOfWhatAnOldSecretSigned) {
    const json rotated = vectors()["rotated"];
    const std::string cookie = rotated["cookie"];
    const auto store =
        store_with({.secret = rotated["new_secret"], .old_secrets = {rotated["old_secret"]}});
    stored_session into;
    ASSERT_EQ(store->load(session_token{cookie}, now, into), session_load::found);
    EXPECT_TRUE(into.wants_renewal);
    EXPECT_EQ(contents(into.record), (std::map<std::string, std::string>{{"a", "1"}}));
    const std::string renewed = replace(*store, cookie, into.record, operation::touch);
    EXPECT_NE(renewed, cookie);
    ASSERT_EQ(store->load(session_token{renewed}, now, into), session_load::found);
    EXPECT_FALSE(into.wants_renewal);
    EXPECT_EQ(load(*store_with({.secret = rotated["new_secret"]}), renewed), session_load::found);
    EXPECT_EQ(load(*store_with({.secret = rotated["new_secret"]}), cookie), session_load::invalid);
    EXPECT_EQ(load(*store_with({.secret = rotated["old_secret"]}), renewed), session_load::invalid);
}

TEST(FlaskCookieSessions, EndAnAgeAfterTheyWereSigned) {
    const auto store = store_with({.secret = secret, .max_age = std::chrono::seconds{100}});
    const std::string cookie = insert(*store, record_of({{"count", "1"}}));
    const session_record record = found(*store, cookie, now + std::chrono::seconds{99});
    EXPECT_EQ(record.absolute_deadline, now + std::chrono::seconds{100});
    EXPECT_EQ(record.idle_deadline, now + std::chrono::seconds{100});
    EXPECT_EQ(load(*store, cookie, now + std::chrono::seconds{100}), session_load::absent);
    EXPECT_EQ(load(*store, cookie, now + std::chrono::hours{24 * 400}), session_load::absent);
}

TEST(FlaskCookieSessions, EndWhenIdle) {
    const auto store = flask_cookie_sessions({.secret = secret});
    store->prepare({.cookie_name = "session", .idle_time = std::chrono::seconds{50}});
    const std::string cookie = insert(*store, record_of({{"count", "1"}}));
    const session_record record = found(*store, cookie, now + std::chrono::seconds{49});
    EXPECT_EQ(record.idle_deadline, now + std::chrono::seconds{50});
    EXPECT_EQ(record.absolute_deadline, now + month);
    EXPECT_EQ(load(*store, cookie, now + std::chrono::seconds{50}), session_load::absent);
}

TEST(FlaskCookieSessions, TolerateClocksThirtySecondsApart) {
    const auto store = store_with({.secret = secret});
    const std::string cookie = insert(*store, record_of({{"count", "1"}}));
    EXPECT_EQ(load(*store, cookie, now - std::chrono::seconds{30}), session_load::found);
    EXPECT_EQ(load(*store, cookie, now - std::chrono::seconds{31}), session_load::invalid);
}

TEST(FlaskCookieSessions, CountAnewFromEachCommit) {
    const auto store = store_with({.secret = secret});
    const session_time later = now + std::chrono::hours{24 * 20};
    const std::string cookie = insert(*store, record_of({{"count", "1"}}));
    const std::string touched =
        replace(*store, cookie, found(*store, cookie, later), operation::touch, later);
    EXPECT_EQ(found(*store, touched, later).absolute_deadline, later + month);
}

TEST(FlaskCookieSessions, DoNotReviveWhatHasExpired) {
    const auto store = store_with({.secret = secret});
    const session_token token{insert(*store, record_of({{"count", "1"}}))};
    for (const operation what : {operation::replace, operation::rename, operation::touch}) {
        session_committed into;
        EXPECT_EQ(store->commit({what, token, 0, record_of({{"count", "2"}})}, now + month, into),
                  session_commit::gone);
        EXPECT_TRUE(into.token.empty());
    }
}

TEST(FlaskCookieSessions, RefuseTimesThatFlaskDoesNotWrite) {
    const auto store = store_with({.secret = secret});
    const hmac_sha1::code_type key = hmac_sha1(secret).code("cookie-session");
    const hmac_sha1 hmac({reinterpret_cast<const char*>(key.data()), key.size()});
    const auto cookie_at = [&](const std::string& time) {
        std::string cookie = base64url("{\"count\":1}") + time;
        const auto code = hmac.code(cookie);
        return cookie + '.' + base64url({reinterpret_cast<const char*>(code.data()), code.size()});
    };
    ASSERT_EQ(load(*store, cookie_at(".ZVPxAA")), session_load::found);
    for (const char* time : {"", ".", ".ZVPxAB", ".ZVPxAA=", ".ZVPxA", ".AGVT8QA", ".AAAAZVPxAA",
                             ".ZVPxAAAA", ".____________", ".ZVPx AA", "ZVPxAA"}) {
        EXPECT_EQ(load(*store, cookie_at(time)), session_load::invalid) << time;
    }
}

TEST(FlaskCookieSessions, EraseByForgettingTheCookie) {
    const auto store = store_with({.secret = secret});
    const session_token token{"anything"};
    session_committed into;
    EXPECT_EQ(store->commit({operation::erase, token, 0, {}}, now, into),
              session_commit::committed);
    EXPECT_TRUE(into.token.empty());
}

TEST(FlaskCookieSessions, KeepASessionThatWasEmptied) {
    const auto store = store_with({.secret = secret});
    const std::string cookie = insert(*store, record_of({{"count", "1"}}));
    const std::string emptied = replace(*store, cookie, record_of({}));
    EXPECT_EQ(emptied.substr(0, emptied.find('.')), base64url("{}"));
    EXPECT_TRUE(contents(found(*store, emptied)).empty());
}

TEST(FlaskCookieSessions, CarryOwnerAndLabelAsKeys) {
    const auto store = store_with({.secret = secret});
    session_record record = record_of({{"Z", "0"}, {"_a", "1"}, {"z", "2"}});
    record.owner = "ann \"é\"";
    record.label = "Firefox";
    const std::string cookie = insert(*store, record);
    EXPECT_EQ(cookie.substr(0, cookie.find('.')),
              base64url(R"({"Z":0,"_a":1,"_label":"Firefox","_owner":"ann \"\u00e9\"","z":2})"));
    EXPECT_EQ(found(*store, cookie), record);
}

TEST(FlaskCookieSessions, LetNoHandlerNameAnOwner) {
    const auto store = store_with({.secret = secret});
    const std::string cookie =
        insert(*store, record_of({{"_label", "\"x\""}, {"_owner", "\"root\""}, {"a", "1"}}));
    const session_record record = found(*store, cookie);
    EXPECT_EQ(record.owner, "");
    EXPECT_EQ(contents(record), (std::map<std::string, std::string>{{"a", "1"}}));
}

// A Flask app may use the keys for something else.
TEST(FlaskCookieSessions, LeaveAnOwnerThatIsNoNameAsItIs) {
    const auto store = store_with({.secret = secret});
    for (const std::string& json :
         {std::string{"5"}, std::string{"\"\""}, std::string{"{\" m\":\"x\"}"},
          '"' + std::string(257, 'x') + '"'}) {
        const std::string cookie = signed_json("{\"_owner\":" + json + "}");
        const session_record record = found(*store, cookie);
        EXPECT_EQ(record.owner, "");
        EXPECT_EQ(contents(record).at("_owner"), json);
        EXPECT_EQ(contents(found(*store, replace(*store, cookie, record))), contents(record));
    }
    EXPECT_EQ(found(*store, signed_json("{\"_owner\":\"" + std::string(256, 'x') + "\"}")).owner,
              std::string(256, 'x'));
}

TEST(FlaskCookieSessions, PromiseNothingTheyCannotDo) {
    EXPECT_EQ(store_with({.secret = secret})->capabilities(), session_capabilities{});
}

TEST(FlaskCookieSessions, RefuseEveryOtherByteAtEveryPlace) {
    const auto store = store_with({.secret = secret});
    const std::string cookie = insert(*store, record_of({{"count", "1"}}));
    for (std::size_t place = 0; place < cookie.size(); ++place) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string forged = cookie;
            forged[place] = static_cast<char>(byte);
            EXPECT_EQ(load(*store, forged) == session_load::found, forged == cookie) << forged;
        }
    }
}

TEST(FlaskCookieSessions, RefuseEveryPrefixAndExtension) {
    const auto store = store_with({.secret = secret});
    for (const std::string& json : {std::string{"1"}, '"' + std::string(200, 'x') + '"'}) {
        const std::string cookie = insert(*store, record_of({{"count", json}}));
        for (std::size_t size = 0; size < cookie.size(); ++size) {
            EXPECT_EQ(load(*store, cookie.substr(0, size)), session_load::invalid) << size;
            EXPECT_EQ(load(*store, cookie.substr(size + 1)), session_load::invalid) << size;
        }
        for (const char* more : {"A", "AA", "AAAA", "=", " ", "."}) {
            EXPECT_EQ(load(*store, cookie + more), session_load::invalid);
            EXPECT_EQ(load(*store, more + cookie), session_load::invalid);
        }
        EXPECT_EQ(load(*store, cookie + cookie), session_load::invalid);
    }
}

TEST(FlaskCookieSessions, RefusePiecesOfSeveralCookies) {
    const auto store = store_with({.secret = secret});
    const std::array<std::string, 2> cookies{
        insert(*store, record_of({{"count", "1"}})),
        insert(*store, record_of({{"count", "2"}}), now + std::chrono::seconds{1})};
    const auto piece = [&](unsigned cookie, std::size_t index) {
        const std::string& text = cookies[cookie];
        const std::size_t first = text.find('.');
        const std::size_t second = text.rfind('.');
        return index == 0   ? text.substr(0, first)
               : index == 1 ? text.substr(first + 1, second - first - 1)
                            : text.substr(second + 1);
    };
    for (unsigned mask = 0; mask < 8; ++mask) {
        const std::string mixed =
            piece(mask & 1U, 0) + '.' + piece(mask >> 1U & 1U, 1) + '.' + piece(mask >> 2U & 1U, 2);
        EXPECT_EQ(load(*store, mixed) == session_load::found, mask == 0 || mask == 7) << mask;
    }
    for (std::size_t cut = 0; cut <= cookies[0].size(); ++cut) {
        const std::string mixed = cookies[0].substr(0, cut) + cookies[1].substr(cut);
        if (mixed != cookies[0] && mixed != cookies[1]) {
            EXPECT_EQ(load(*store, mixed), session_load::invalid) << cut;
        }
    }
}

TEST(FlaskCookieSessions, RefuseWhatIsNoCookieOfTheirs) {
    const auto store = store_with({.secret = secret});
    for (const std::string& text :
         {std::string{}, std::string{"x"}, std::string(80, '.'), std::string(80, '\0'),
          std::string(4096, 'A'), std::string(1'000'000, '.'), std::string(28, '.')}) {
        EXPECT_EQ(load(*store, text), session_load::invalid);
    }
    const std::string cookie = insert(*store, record_of({{"count", "1"}}));
    EXPECT_EQ(load(*store_with({.secret = other_secret}), cookie), session_load::invalid);
}

TEST(FlaskCookieSessions, RefuseAtOneByteMoreThanBrowsersKeep) {
    const auto store = store_with({.secret = secret}, "n");  // leaves 4,094 for the value
    const auto longer = store_with({.secret = secret}, "nn");
    // Noise, which zlib can hardly shorten.
    std::string noise;
    for (std::uint64_t seed = 1; noise.size() < 6000; seed = seed * 6364136223846793005U + 1) {
        noise += static_cast<char>('!' + (seed >> 33) % 90);
    }
    std::erase_if(noise, [](char each) { return each == '"' || each == '\\'; });
    std::size_t largest = 0;
    for (std::size_t size = 2000; size < noise.size(); ++size) {
        const session_record record = record_of({{"k", '"' + noise.substr(0, size) + '"'}});
        const session_token none;
        session_committed into;
        const session_commit outcome =
            store->commit({operation::insert, none, 0, record}, now, into);
        if (outcome == session_commit::too_large) {
            EXPECT_TRUE(into.token.empty());
            break;
        }
        const std::string cookie{into.token.text()};
        largest = cookie.size();
        ASSERT_LE(largest, 4094U);
        session_committed other;
        EXPECT_EQ(longer->commit({operation::insert, none, 0, record}, now, other) ==
                      session_commit::too_large,
                  largest == 4094);
        EXPECT_EQ(load(*store, cookie), session_load::found);
    }
    EXPECT_GE(largest, 4093U);
}

TEST(FlaskCookieSessions, RefuseEmptyAndEqualSecretsAndNoAge) {
    for (const flask_cookie_settings& settings :
         {flask_cookie_settings{.secret = ""},
          flask_cookie_settings{.secret = secret, .old_secrets = {""}},
          flask_cookie_settings{.secret = secret, .old_secrets = {secret}},
          flask_cookie_settings{.secret = secret, .old_secrets = {other_secret, other_secret}},
          flask_cookie_settings{.secret = secret, .max_age = std::chrono::seconds{0}}}) {
        EXPECT_THROW(static_cast<void>(flask_cookie_sessions(settings)), setup_error);
    }
}

TEST(FlaskCookieSessions, TakeAnyAge) {
    const auto store = store_with({.secret = secret, .max_age = std::chrono::seconds::max()});
    const std::string cookie = insert(*store, record_of({{"count", "1"}}));
    EXPECT_EQ(load(*store, cookie, now + std::chrono::hours{24 * 3000}), session_load::absent);
    EXPECT_GT(found(*store, cookie).absolute_deadline, now + std::chrono::hours{24 * 365'000});
}

TEST(FlaskCookieSessions, BoundTheJsonTheyTakeAndMake) {
    const session_record record = record_of({{"k", '"' + std::string(1000, 'x') + '"'}});
    const std::string cookie = insert(*store_with({.secret = secret}), record);  // deflated
    for (const std::size_t limit : {std::size_t{1008}, std::numeric_limits<std::size_t>::max()}) {
        const auto store = store_with({.secret = secret, .json_bytes = limit});
        EXPECT_EQ(found(*store, cookie), record);
        EXPECT_EQ(insert(*store, record), cookie);
    }
    const auto store = store_with({.secret = secret, .json_bytes = 1007});
    const session_token none;
    session_committed into;
    EXPECT_EQ(load(*store, cookie), session_load::invalid);
    EXPECT_EQ(store->commit({operation::insert, none, 0, record}, now, into),
              session_commit::too_large);
}

TEST(FlaskCookieSessions, RefuseSignedContentsThatFlaskDoesNotWrite) {
    const auto store = store_with({.secret = secret});
    ASSERT_EQ(load(*store, signed_json("{\"a\":1}")), session_load::found);
    for (const char* json : {"", "[]", "{", "{\"a\":NaN}", "{\" t\":[1]}", "{} {}"}) {
        EXPECT_EQ(load(*store, signed_json(json)), session_load::invalid) << json;
    }
    for (const char* payload : {"", ".", "e30=", ".e30", "e3 0", "e31", "..e30", "e30.e30"}) {
        EXPECT_EQ(load(*store, signed_payload(payload)), session_load::invalid) << payload;
    }
}

TEST(FlaskCookieSessions, TolerateShortSecretsInDevelopmentOnly) {
    const std::string short_secret(31, 's');
    for (const flask_cookie_settings& settings :
         {flask_cookie_settings{.secret = short_secret},
          flask_cookie_settings{.secret = secret, .old_secrets = {short_secret}}}) {
        const auto store = flask_cookie_sessions(settings);
        try {
            store->prepare({.cookie_name = "session"});
            ADD_FAILURE() << "a short secret was accepted";
        } catch (const setup_error& error) {
            EXPECT_NE(std::string{error.what()}.find("openssl rand -base64 32"), std::string::npos);
            EXPECT_EQ(std::string{error.what()}.find(short_secret), std::string::npos);
        }
        store->prepare({.cookie_name = "session", .development = true});
        EXPECT_EQ(load(*store, insert(*store, record_of({{"count", "1"}}))), session_load::found);
        EXPECT_THROW(store->prepare({.cookie_name = "session"}), setup_error);
    }
    const auto store = flask_cookie_sessions({.secret = std::string(32, 's')});
    EXPECT_NO_THROW(store->prepare({.cookie_name = "session"}));
}

TEST(FlaskCookieSessions, ServeNobodyBeforeTheyArePrepared) {
    const auto store = flask_cookie_sessions({.secret = secret});
    const session_token none;
    session_committed into;
    EXPECT_EQ(load(*store, "x"), session_load::failed);
    EXPECT_EQ(store->commit({operation::insert, none, 0, record_of({{"a", "1"}})}, now, into),
              session_commit::unavailable);
}

}  // namespace
}  // namespace cloakroom
