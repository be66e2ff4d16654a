// SPDX-License-Identifier: MIT
#include "session/answer_records.hpp"

#include "now.hpp"
#include "session/broken_contents.hpp"
#include <cloakroom/cookie.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using codec = json_codec<answer_records>;

std::string encoded(const answer_records& records) {
    std::string out;
    codec::encode(out, records);
    return out;
}

answer_records decoded(std::string_view text) {
    answer_records records;
    EXPECT_TRUE(codec::decode(text, records));
    return records;
}

bool is_refused(std::string_view text) {
    answer_records records;
    try {
        static_cast<void>(codec::decode(text, records));
    } catch (const broken_contents& error) {
        return to_number(error.content().status) == 503;
    }
    return false;
}

answer_record record_with(response answer, std::string key = "key") {
    return {std::move(key), now, std::string(32, 'f'), std::move(answer)};
}

TEST(AnswerRecords, AreAnArrayOfArrays) {
    response answer{status::created, "hi", "text/plain"};
    answer.set("Location", "/notes/7");
    EXPECT_EQ(encoded({}), "[]");
    // base64url of 32 times "f", of the two lines, and of the content
    EXPECT_EQ(encoded({record_with(answer, R"(a"b\)")}),
              R"([["a\"b\\",1800000000,"ZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmY",201,)"
              R"("Q29udGVudC1UeXBlOiB0ZXh0L3BsYWluDQpMb2NhdGlvbjogL25vdGVzLzcNCg","aGk"]])");
}

TEST(AnswerRecords, ComeBackAsTheyWere) {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) {
        bytes += static_cast<char>(byte);
    }
    response first{status::created, bytes, "application/octet-stream"};
    first.add("Link", "</a>; rel=\"next\"").add("Link", "</b>").set("X-Latin", "caf\xe9");
    first.set("X-Empty", "").set("X-Colons", "a: b: c");
    const answer_records back =
        decoded(encoded({record_with(first, "first"), record_with(response{}, "second")}));
    ASSERT_EQ(back.size(), 2U);
    EXPECT_EQ(back[0].key, "first");
    EXPECT_EQ(back[0].answered, now);
    EXPECT_EQ(back[0].fingerprint, std::string(32, 'f'));
    EXPECT_EQ(back[0].answer.status(), status::created);
    EXPECT_EQ(back[0].answer.field_lines(), first.field_lines());
    EXPECT_EQ(back[0].answer.body(), bytes);
    EXPECT_EQ(back[1].key, "second");
    EXPECT_EQ(back[1].answer.field_lines(), "");
    EXPECT_EQ(back[1].answer.body(), "");
}

TEST(AnswerRecords, LeaveCookiesOut) {
    response answer{status::ok, "x", "text/plain"};
    answer.set_cookie({.name = "seen", .value = "1"});
    answer.set("X-Last", "1");
    const response back = decoded(encoded({record_with(answer)}))[0].answer;
    EXPECT_EQ(back.field_lines(), "Content-Type: text/plain\r\nX-Last: 1\r\n");
}

TEST(AnswerRecords, RefuseEverythingElse) {
    const std::string print = R"("ZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmY")";
    ASSERT_FALSE(is_refused(R"([["k",1,)" + print + R"(,200,"",""]])"));
    ASSERT_FALSE(is_refused(R"([["k",253402300799,)" + print + R"(,499,"QTogYg0K","AA"]])"));
    const std::vector<std::string> table = {
        "",
        "x",
        "{}",
        "null",
        "7",
        "\"a\"",
        "[7]",
        "[{}]",
        "[[]]",
        "[[\"k\",1," + print + ",200,\"\"]]",
        "[[\"k\",1," + print + ",200,\"\",\"\",\"\"]]",
        "[[\"k\",1," + print + ",200,\"\",\"\"]",
        "[[\"k\",1," + print + ",200,\"\",\"\"],7]",
        "[[7,1," + print + ",200,\"\",\"\"]]",
        "[[\"\",1," + print + ",200,\"\",\"\"]]",
        "[[\"a b\",1," + print + ",200,\"\",\"\"]]",
        "[[\"" + std::string(129, 'k') + "\",1," + print + ",200,\"\",\"\"]]",
        "[[\"k\",-1," + print + ",200,\"\",\"\"]]",
        "[[\"k\",1.5," + print + ",200,\"\",\"\"]]",
        "[[\"k\",\"1\"," + print + ",200,\"\",\"\"]]",
        "[[\"k\",253402300800," + print + ",200,\"\",\"\"]]",
        "[[\"k\",99999999999999999999," + print + ",200,\"\",\"\"]]",
        "[[\"k\",1,\"\",200,\"\",\"\"]]",
        "[[\"k\",1,\"ZmZm\",200,\"\",\"\"]]",
        "[[\"k\",1,7,200,\"\",\"\"]]",
        "[[\"k\",1," + print + ",199,\"\",\"\"]]",
        "[[\"k\",1," + print + ",500,\"\",\"\"]]",
        "[[\"k\",1," + print + ",4294967496,\"\",\"\"]]",
        "[[\"k\",1," + print + ",200.0,\"\",\"\"]]",
        "[[\"k\",1," + print + ",-200,\"\",\"\"]]",
        "[[\"k\",1," + print + ",200,7,\"\"]]",
        "[[\"k\",1," + print + ",200,\"\",7]]",
        "[[\"k\",1," + print + ",200,\"\",\"A\"]]",
        "[[\"k\",1," + print + ",200,\"\",\"AB\"]]",            // trailing bits
        "[[\"k\",1," + print + ",200,\"\",\"AA==\"]]",          // padding
        "[[\"k\",1," + print + ",200,\"QTogYg\",\"\"]]",        // "A: b", without its end
        "[[\"k\",1," + print + ",200,\"QTpiDQo\",\"\"]]",       // "A:b\r\n"
        "[[\"k\",1," + print + ",200,\"QQ0KOiANCg\",\"\"]]",    // "A\r\n: \r\n"
        "[[\"k\",1," + print + ",200,\"OiBiDQo\",\"\"]]",       // ": b\r\n", without a name
        "[[\"k\",1," + print + ",200,\"QSBiOiBiDQo\",\"\"]]",   // "A b: b\r\n"
        "[[\"k\",1," + print + ",200,\"QTogYgpiDQo\",\"\"]]",   // "A: b\nb\r\n"
        "[[\"k\",1," + print + ",200,\"RGF0ZTogYg0K\",\"\"]]",  // "Date: b\r\n", the server's
        "[[\"k\",1," + print + ",200,\"c2V0LWNvb2tpZTogYT1iDQo\",\"\"]]",  // "set-cookie: a=b\r\n"
    };
    for (const std::string& each : table) {
        EXPECT_TRUE(is_refused(each)) << each;
    }
}

}  // namespace
}  // namespace cloakroom
