// SPDX-License-Identifier: MIT
// What a handler sees of the JSON in Flask's cookie, and what becomes of that it changes.
#include "session/flask_json.hpp"

#include "flask_fixture.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>

namespace cloakroom {
namespace {

using namespace flask_test;
using values = std::map<std::string, std::string>;

values read(std::string_view json) {
    session_values into;
    EXPECT_TRUE(read_flask_json(json, into)) << json;
    values made;
    into.for_each([&](std::string_view key, std::string_view each) { made.emplace(key, each); });
    return made;
}

bool is_readable(std::string_view json) {
    session_values into;
    return read_flask_json(json, into);
}

// What is written of the values, where the client's cookie said `before`.
std::string written(const values& all, std::string_view before = "{}") {
    flask_tagged_objects tagged;
    collect_flask_tags(before, tagged);
    std::pmr::string out;
    const session_record record = record_of(all);
    flask_json_outcome outcome = write_flask_json(record.values, nullptr, 65'536, out);
    if (outcome == flask_json_outcome::has_tags) {
        outcome = write_flask_json(record.values, &tagged, 65'536, out);
    }
    EXPECT_EQ(outcome, flask_json_outcome::written);
    return std::string{out};
}

flask_json_outcome outcome_of(const values& all, std::size_t most = 65'536) {
    flask_tagged_objects tagged;
    std::pmr::string out;
    return write_flask_json(record_of(all).values, &tagged, most, out);
}

std::string nested(std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
}

TEST(FlaskJson, GivesAHandlerOneJsonTextAKey) {
    EXPECT_EQ(
        read(R"({"a":1,"b":[true,false,null],"c":{"d":"e"},"f":-1.50E+2})"),
        (values{{"a", "1"}, {"b", "[true,false,null]"}, {"c", R"({"d":"e"})"}, {"f", "-1.50E+2"}}));
    EXPECT_EQ(read("{}"), values{});
    EXPECT_EQ(read(R"({"":{"":[]}})"), (values{{"", R"({"":[]})"}}));
}

TEST(FlaskJson, GivesTextAsUtf8) {
    EXPECT_EQ(read(R"({"\u4f60":"\u597d \ud83c\udf0d\u00e9/\/\u007f\u0041"})"),
              (values{{"你",
                       "\"好 🌍é//\x7F"
                       "A\""}}));
    EXPECT_EQ(read(R"({"a":"\"\\\b\f\n\r\t\u0001\u001F"})"),
              (values{{"a", R"("\"\\\b\f\n\r\t\u0001\u001f")"}}));
    EXPECT_EQ(read("{\"a\":\"é\"}"), (values{{"a", "\"é\""}}));
}

TEST(FlaskJson, IsWrittenInAscii) {
    EXPECT_EQ(written({{"你", "\"好 🌍é/\x7F\""}}),
              R"({"\u4f60":"\u597d \ud83c\udf0d\u00e9/\u007f"})");
    EXPECT_EQ(written({{"a\n\"", R"("\"\\\b\f\n\r\t\u0001\u001F\/")"}}),
              R"({"a\n\"":"\"\\\b\f\n\r\t\u0001\u001f/"})");
}

// Python's texts may have them.
TEST(FlaskJson, KeepsLoneSurrogates) {
    for (const char* json : {R"({"a":"\ud800"})", R"({"a":"\udc00\ud800x"})", R"({"\udcff":1})",
                             R"({"a":{"\ud83c":1,"\ud83d":2}})", R"({"a":"\ud83c\ud83c\udf0d"})"}) {
        EXPECT_EQ(written(read(json), json), json);
    }
}

TEST(FlaskJson, SortsTheKeysOfEveryLevelByCodePoint) {
    EXPECT_EQ(written({{"z", R"([{"é":1,"z":{"b":1,"a":[2]},"🌍":2,"":3,"\uffff":4,"a":5}])"},
                       {"a", "1"},
                       {"é", "2"},
                       {"Z", "3"}}),
              R"({"Z":3,"a":1,"z":[{"":3,"a":5,"z":{"a":[2],"b":1},"\u00e9":1,"\uffff":4,)"
              R"("\ud83c\udf0d":2}],"\u00e9":2})");
    EXPECT_EQ(written({{"k", R"({"b":"}],{","a":"\\\"","ab":1,"a\"":2})"}}),
              R"({"k":{"a":"\\\"","a\"":2,"ab":1,"b":"}],{"}})");
}

TEST(FlaskJson, DropsSpaceAndAllButTheLastOfEqualKeys) {
    EXPECT_EQ(written({{"a", " { \"b\" : [ 1 , 2 ] , \"c\" : { } }\n"}}),
              R"({"a":{"b":[1,2],"c":{}}})");
    EXPECT_EQ(written({{"a", R"({"b":1,"a":2,"b":3})"}}), R"({"a":{"a":2,"b":3}})");
    EXPECT_EQ(read(" { \"a\" :\t[ 1 ] } "), (values{{"a", "[1]"}}));
    EXPECT_EQ(read(R"({"a":1,"a":2})"), (values{{"a", "2"}}));
}

TEST(FlaskJson, KeepsTheTextOfNumbers) {
    for (const char* number : {"0", "-0", "1e2", "1E+2", "1.0", "1e-7", "0.1000",
                               "123456789012345678901234567890", "1e16"}) {
        const std::string json = std::string{"{\"a\":"} + number + '}';
        EXPECT_EQ(read(json).at("a"), number);
        EXPECT_EQ(written(read(json)), json);
    }
}

TEST(FlaskJson, ShowsTaggedObjectsAsTheyAreAndWritesThemBack) {
    for (const auto& [json, shown] : {
             std::pair{R"({"v":{" t":[1,{" t":[]}]}})", R"({" t":[1,{" t":[]}]})"},
             std::pair{R"({"v":{" b":"AP8="}})", R"({" b":"AP8="})"},
             std::pair{R"({"v":{" m":"<b>"}})", R"({" m":"<b>"})"},
             std::pair{R"({"v":{" u":"00000000000000000000000000000001"}})",
                       R"({" u":"00000000000000000000000000000001"})"},
             std::pair{R"({"v":{" d":"Tue, 14 Nov 2023 22:13:20 GMT"}})",
                       R"({" d":"Tue, 14 Nov 2023 22:13:20 GMT"})"},
             // Escapes: what was a dict in Flask is the same object here.
             std::pair{R"({"v":{" di":{" t__":"x"}}})", R"({" t":"x"})"},
             std::pair{R"({"v":{" di":{" t__":[1]}}})", R"({" t":[1]})"},
             std::pair{R"({"v":{" di":{" di__":1}}})", R"({" di":1})"},
             std::pair{R"({"v":{" di":{" di__":{" t__":1}}}})", R"({" di":{" t__":1}})"},
             std::pair{R"({"v":{" di":{" t__":{" di":{" m__":1}}}}})", R"({" t":{" m":1}})"},
             // No escape, no tag.
             std::pair{R"({"v":{" di":5}})", R"({" di":5})"},
             std::pair{R"({"v":{" t__":1}})", R"({" t__":1})"},
             std::pair{R"({"v":{" t":1,"x":2}})", R"({" t":1,"x":2})"},
             std::pair{R"({"v":{" x":1}})", R"({" x":1})"},
         }) {
        EXPECT_EQ(read(json).at("v"), shown) << json;
        EXPECT_EQ(written(read(json), json), json);
    }
}

TEST(FlaskJson, EscapesWhatAHandlerSetThatLooksTagged) {
    for (const auto& [set, json] : {
             std::pair{R"({" m":"<script>"})", R"({" di":{" m__":"<script>"}})"},
             std::pair{R"([{" t":[{" b":1}]}])", R"([{" di":{" t__":[{" di":{" b__":1}}]}}])"},
             std::pair{R"({" di":{" t__":1}})", R"({" di":{" di__":{" t__":1}}})"},
             std::pair{R"({" di":1})", R"({" di":{" di__":1}})"},
             std::pair{R"({"\u0020m":"x"})", R"({" di":{" m__":"x"}})"},
             std::pair{R"({" m":"x"," m":"y"})", R"({" di":{" m__":"y"}})"},
             std::pair{R"({" m":1,"x":{" u":2}})", R"({" m":1,"x":{" di":{" u__":2}}})"},
         }) {
        const std::string whole = std::string{"{\"v\":"} + json + '}';
        EXPECT_EQ(written({{"v", set}}), whole);
        EXPECT_EQ(written(read(whole), whole), whole);
    }
    const std::string plain = R"({" t":[1,2]})";
    EXPECT_EQ(read(written({{"v", plain}})).at("v"), plain);
}

TEST(FlaskJson, KeepsTagsWhereTheValueAroundThemChanges) {
    const std::string before =
        R"({"_flashes":[{" t":["message","Hi"]}],"at":{" d":"Tue, 14 Nov 2023 22:13:20 GMT"}})";
    values all = read(before);
    all["_flashes"] = R"([["error","No"],{" t":["message","Hi"]},{" t":["new","x"]}])";
    all["then"] = all["at"];
    EXPECT_EQ(written(all, before), R"({"_flashes":[["error","No"],{" t":["message","Hi"]},)"
                                    R"({" di":{" t__":["new","x"]}}],)"
                                    R"("at":{" d":"Tue, 14 Nov 2023 22:13:20 GMT"},)"
                                    R"("then":{" d":"Tue, 14 Nov 2023 22:13:20 GMT"}})");
}

// A handler cannot tell them apart, and does not have to.
TEST(FlaskJson, TellsATagFromAnEscapeOfTheSameTextByTheirOrder) {
    for (const char* json :
         {R"({"a":{" t":[1]},"b":{" di":{" t__":[1]}},"c":[{" t":[1]},{" di":{" t__":[1]}}]})",
          R"({"a":{" di":{" t__":[1]}},"b":{" t":[{" di":{" t__":[1]}},{" t":[1]}]}})"}) {
        EXPECT_EQ(written(read(json), json), json);
    }
}

TEST(FlaskJson, EscapesASessionWhoseOnlyKeyIsATag) {
    for (const char* key : {" t", " di", " m"}) {
        const values all{{key, R"({" b":[1]})"}};
        const std::string json = written(all);
        EXPECT_EQ(json, std::string{"{\" di\":{\""} + key + R"(__":{" di":{" b__":[1]}}}})");
        EXPECT_EQ(read(json), all);
        EXPECT_EQ(written(read(json), json), json);
    }
    EXPECT_EQ(written({{" t", "1"}, {"a", "2"}}), R"({" t":1,"a":2})");
    EXPECT_EQ(read(R"({" di":{" t__":1},"a":2})"), (values{{" di", R"({" t__":1})"}, {"a", "2"}}));
}

TEST(FlaskJson, RefusesWhatIsNoDictInFlask) {
    for (const char* json : {R"({" t":[1]})", R"({" m":"x"})", R"({" di":1})", R"({" di":{"x":1}})",
                             R"({" di":{" t__":1,"x":2}})", "[]", "1", "null", "\"x\"", ""}) {
        EXPECT_FALSE(is_readable(json)) << json;
    }
}

TEST(FlaskJson, RefusesAllButRfc8259) {
    using namespace std::string_literals;
    for (const std::string& json : {"{"s,
                                    "}"s,
                                    "{}x"s,
                                    "{}{}"s,
                                    "{,}"s,
                                    R"({"a"})"s,
                                    R"({"a":})"s,
                                    R"({"a":1,})"s,
                                    R"({a:1})"s,
                                    R"({'a':1})"s,
                                    R"({"a":1 "b":2})"s,
                                    R"({"a":[1,]})"s,
                                    R"({"a":[,]})"s,
                                    R"({"a":[1 2]})"s,
                                    R"({"a":[1})"s,
                                    R"({"a":{]})"s,
                                    R"({"a":NaN})"s,
                                    R"({"a":Infinity})"s,
                                    R"({"a":-Infinity})"s,
                                    R"({"a":01})"s,
                                    R"({"a":+1})"s,
                                    R"({"a":1.})"s,
                                    R"({"a":.5})"s,
                                    R"({"a":1e})"s,
                                    R"({"a":-})"s,
                                    R"({"a":0x1})"s,
                                    R"({"a":tru})"s,
                                    R"({"a":nul})"s,
                                    R"({"a":True})"s,
                                    R"({"a":"x})"s,
                                    R"({"a":"\x"})"s,
                                    R"({"a":"\u12"})"s,
                                    R"({"a":"\u12G4"})"s,
                                    R"({"a":"\)"s,
                                    R"({"a":"\u)"s,
                                    "{\"a\":\"\n\"}"s,
                                    "{\"a\":\"\0\"}"s,
                                    "{\"a\":\"\xFF\"}"s,
                                    "{\"a\":\"\xC0\x80\"}"s,
                                    "{\"a\":\"\xED\xA0\x80\"}"s,
                                    "{\"a\":\"\xF4\x90\x80\x80\"}"s,
                                    "{\"a\":\"\xC3"s,
                                    "{\"\xFF\":1}"s,
                                    "\xEF\xBB\xBF{}"s,
                                    "{\"a\":1}\0"s,
                                    "{\"a\":1/**/}"s}) {
        EXPECT_FALSE(is_readable(json)) << json;
    }
}

TEST(FlaskJson, IsReadNoDeeperThanTheLimit) {
    const auto session = [](std::size_t levels) { return "{\"a\":" + nested(levels) + '}'; };
    EXPECT_TRUE(is_readable(session(max_flask_json_depth - 1)));
    EXPECT_FALSE(is_readable(session(max_flask_json_depth)));
    EXPECT_FALSE(is_readable(std::string(60'000, '[')));
    EXPECT_FALSE(is_readable("{\"a\":" + std::string(60'000, '[')));
    std::string objects;
    for (int level = 0; level < 10'000; ++level) {
        objects += "{\"a\":";
    }
    EXPECT_FALSE(is_readable(objects));
}

TEST(FlaskJson, IsWrittenNoDeeperThanItIsRead) {
    EXPECT_EQ(outcome_of({{"a", nested(max_flask_json_depth - 1)}}), flask_json_outcome::written);
    EXPECT_EQ(outcome_of({{"a", nested(max_flask_json_depth)}}), flask_json_outcome::refused);
    // Each escape is two levels for one.
    const auto tags = [](std::size_t levels) {
        std::string json = "1";
        for (; levels > 0; --levels) {
            json = "{\" t\":" + json + '}';
        }
        return json;
    };
    EXPECT_EQ(outcome_of({{"a", tags(31)}}), flask_json_outcome::written);
    EXPECT_EQ(outcome_of({{"a", tags(32)}}), flask_json_outcome::refused);
    EXPECT_EQ(outcome_of({{" t", nested(max_flask_json_depth - 2)}}), flask_json_outcome::written);
    EXPECT_EQ(outcome_of({{" t", nested(max_flask_json_depth - 1)}}), flask_json_outcome::refused);
}

TEST(FlaskJson, IsWrittenNoLongerThanTheLimit) {
    const values all{{"a", "\"xx\""}, {"b", "1"}};
    const std::size_t size = written(all).size();
    EXPECT_EQ(outcome_of(all, size), flask_json_outcome::written);
    EXPECT_EQ(outcome_of(all, size - 1), flask_json_outcome::refused);
    EXPECT_EQ(outcome_of({}, 2), flask_json_outcome::written);
    EXPECT_EQ(outcome_of({}, 1), flask_json_outcome::refused);
}

TEST(FlaskJson, IsNotWrittenOfWhatIsNoJson) {
    for (const char* json : {"", "x", "[1", "1 2", "\"\xFF\"", "NaN", "1,\"b\":2", "1}"}) {
        EXPECT_EQ(outcome_of({{"a", json}}), flask_json_outcome::refused) << json;
    }
    EXPECT_EQ(outcome_of({{"\xFF", "1"}}), flask_json_outcome::refused);
    EXPECT_EQ(outcome_of({{"\xC3", "1"}}), flask_json_outcome::refused);
}

// Any JSON, with keys and texts that are likely to go wrong.
class random_json {
public:
    explicit random_json(unsigned seed) : random_(seed) {}

    json value(int depth) {
        switch (below(depth == 0 ? 5 : 8)) {
            case 0:
                return nullptr;
            case 1:
                return below(2) == 0;
            case 2:
                return static_cast<std::int64_t>(random_()) - (1LL << 31);
            case 3:
                return static_cast<double>(random_()) / 7;
            case 4:
                return text();
            case 5: {
                json list = json::array();
                for (std::size_t count = below(4); count > 0; --count) {
                    list.push_back(value(depth - 1));
                }
                return list;
            }
            default:
                return object(depth - 1);
        }
    }

    json object(int depth) {
        json made = json::object();
        for (std::size_t count = below(4); count > 0; --count) {
            made[text()] = value(depth);
        }
        return made;
    }

    std::string text() {
        static constexpr const char* pieces[] = {
            " t", " di", " m", " t__", " di__", "__", "a",    "é",  "🌍",      "\n",
            "\"", "\\",  "z",  "\x7F", " b",    "",   "\x01", "你", "_owner", "\uFFFF"};
        std::string made;
        for (std::size_t count = 1 + below(8) / 6; count > 0; --count) {
            made += pieces[below(std::size(pieces))];
        }
        return made;
    }

    std::size_t below(std::size_t limit) { return random_() % limit; }

private:
    std::mt19937 random_;
};

TEST(FlaskJson, ComesBackTheSameWhateverItIs) {
    const auto store = store_with({.secret = secret});
    for (unsigned seed = 1; seed <= 20'000; ++seed) {
        random_json random(seed);
        session_record record = record_of({});
        const json all = random.object(4);
        for (const auto& [key, value] : all.items()) {
            if (key != "_owner") {
                record.values.set(key, value.dump());
            }
        }
        const session_token none;
        session_committed into;
        const auto outcome = store->commit({operation::insert, none, 0, record}, now, into);
        ASSERT_EQ(outcome, session_commit::committed);
        const std::string cookie{into.token.text()};
        const session_record again = found(*store, cookie);
        ASSERT_EQ(contents(again), contents(record)) << seed;
        ASSERT_EQ(replace(*store, cookie, again), cookie) << seed;
    }
}

}  // namespace
}  // namespace cloakroom
