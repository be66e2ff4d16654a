// SPDX-License-Identifier: MIT
#include <cloakroom/session_record.hpp>

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace cloakroom {
namespace {

using namespace std::string_literals;

session_values made_of(const std::vector<std::pair<std::string, std::string>>& entries) {
    session_values made;
    for (const auto& [key, json] : entries) {
        made.set(key, json);
    }
    return made;
}

std::map<std::string, std::string> as_map(const session_values& values) {
    std::map<std::string, std::string> made;
    values.for_each([&](std::string_view key, std::string_view json) { made.emplace(key, json); });
    return made;
}

session_values set_anew(const session_values& values) {
    session_values made;
    values.for_each([&](std::string_view key, std::string_view json) { made.set(key, json); });
    return made;
}

TEST(SessionValues, StartEmpty) {
    const session_values values;
    EXPECT_TRUE(values.empty());
    EXPECT_EQ(values.encoded(), "");
    EXPECT_FALSE(values.find("count"));
}

TEST(SessionValues, AreEncodedAsLengthsAndTexts) {
    EXPECT_EQ(made_of({{"count", "7"}}).encoded(),
              "\x05"
              "count"
              "\x01"
              "7");
    EXPECT_EQ(made_of({{"b", "22"}, {"a", "1"}, {"", "0"}}).encoded(),
              "\0\x01"
              "0"
              "\x01"
              "a"
              "\x01"
              "1"
              "\x01"
              "b"
              "\x02"
              "22"s);
}

TEST(SessionValues, EncodeLongLengthsInGroupsOfSevenBits) {
    const std::string json = '"' + std::string(298, 'x') + '"';  // 300 = 2 * 128 + 44
    EXPECT_EQ(made_of({{"k", json}}).encoded(), "\x01k\xAC\x02" + json);
}

TEST(SessionValues, FindWhatWasSet) {
    const session_values values = made_of({{"b", "2"}, {"a", "1"}, {"c", "3"}});
    EXPECT_EQ(values.find("a"), "1");
    EXPECT_EQ(values.find("b"), "2");
    EXPECT_EQ(values.find("c"), "3");
    EXPECT_FALSE(values.find(""));
    EXPECT_FALSE(values.find("aa"));
    EXPECT_FALSE(values.find("d"));
}

TEST(SessionValues, HaveEqualBytesWhateverTheOrderOfSetting) {
    EXPECT_EQ(made_of({{"a", "1"}, {"b", "2"}, {"c", "3"}}),
              made_of({{"c", "3"}, {"a", "9"}, {"b", "2"}, {"a", "1"}}));
}

TEST(SessionValues, SortKeysByUnsignedBytes) {
    const session_values values = made_of({{"\xC3\xA4", "1"}, {"z", "2"}});
    std::vector<std::string> keys;
    values.for_each([&](std::string_view key, std::string_view) { keys.emplace_back(key); });
    EXPECT_EQ(keys, (std::vector<std::string>{"z", "\xC3\xA4"}));
}

TEST(SessionValues, ReplaceAValueByOneOfAnyLength) {
    for (const std::size_t before : {1U, 2U, 127U, 128U, 20'000U}) {
        for (const std::size_t after : {1U, 2U, 127U, 128U, 20'000U}) {
            session_values values = made_of({{"a", "1"}, {"c", "3"}});
            values.set("b", std::string(before, '4'));
            values.set("b", std::string(after, '5'));
            EXPECT_EQ(values.find("a"), "1");
            EXPECT_EQ(values.find("b"), std::string(after, '5'));
            EXPECT_EQ(values.find("c"), "3");
        }
    }
}

TEST(SessionValues, TakeWhatTheyGave) {
    session_values values = made_of({{"long", std::string(500, '1')}, {"z", "2"}});
    values.set("a", *values.find("long"));
    values.set("z", *values.find("a"));
    EXPECT_EQ(values.find("a"), std::string(500, '1'));
    EXPECT_EQ(values.find("z"), std::string(500, '1'));
}

TEST(SessionValues, EraseOnlyTheKeyThatIsNamed) {
    session_values values = made_of({{"a", "1"}, {"b", "2"}, {"c", "3"}});
    EXPECT_TRUE(values.erase("b"));
    EXPECT_FALSE(values.erase("b"));
    EXPECT_EQ(values, made_of({{"a", "1"}, {"c", "3"}}));
}

TEST(SessionValues, AreClearedToTheEmptyEncoding) {
    session_values values = made_of({{"a", "1"}});
    values.clear();
    EXPECT_EQ(values, session_values{});
}

TEST(SessionValues, AreDecodedFromTheirBytes) {
    const session_values values =
        made_of({{"", "null"}, {"a", "1"}, {std::string(200, 'k'), std::string(20'000, '7')}});
    session_values decoded = made_of({{"other", "1"}});
    ASSERT_TRUE(decoded.decode(values.encoded()));
    EXPECT_EQ(decoded, values);
    EXPECT_EQ(as_map(decoded), as_map(values));
}

// A prefix is an encoding exactly when it ends between two keys.
TEST(SessionValues, RefuseEveryPrefixThatCutsAKey) {
    const session_values values = made_of({{"a", "1"}, {"bc", "22"}, {"d", std::string(130, '3')}});
    const std::string bytes{values.encoded()};
    const std::map<std::size_t, std::size_t> keys_at{{0, 0}, {4, 1}, {10, 2}, {bytes.size(), 3}};
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        session_values decoded = made_of({{"before", "1"}});
        const bool is_decoded = decoded.decode(std::string_view{bytes}.substr(0, size));
        EXPECT_EQ(is_decoded, keys_at.contains(size)) << size;
        EXPECT_EQ(as_map(decoded).size(), is_decoded ? keys_at.at(size) : 0) << size;
    }
}

// Whatever one byte becomes, the result is refused, or is a well-formed encoding of its own.
TEST(SessionValues, SurviveAnyOtherByteAnywhere) {
    const std::string bytes{
        made_of({{"a", "1"}, {"bc", "22"}, {"d", std::string(130, '3')}}).encoded()};
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            // Its own block, so that the address sanitizer sees a read beyond the end.
            std::string corrupt = bytes;
            corrupt[at] = static_cast<char>(byte);
            session_values decoded;
            const bool is_decoded = decoded.decode(corrupt);
            EXPECT_EQ(set_anew(decoded).encoded(), is_decoded ? corrupt : "") << at << ' ' << byte;
        }
    }
}

TEST(SessionValues, RefuseWhatIsNoEncoding) {
    const std::vector<std::string> malformed{
        "\x01",                                           // a key that is not there
        "\1a",                                            // no value
        "\1a\2X",                                         // a value that ends early
        "\1b\1X\1a\1X",                                   // keys that descend
        "\1a\1X\1a\1X",                                   // a key twice
        "\x81\0a\1X"s,                                    // the length 1 in two groups
        "\x80",                                           // a length that does not end
        "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F",           // one of 63 bits
        "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01",       // one of 64 bits
        "\x81\x80\x80\x80\x80\x80\x80\x80\x80\2\x61\1X",  // 2 to the 64th and 1, which wraps to 1
        "\x81\x80\x80\x80\x80\x80\x80\x80\x80\x80\1\x61\1X",  // one of 71 bits
    };
    for (const std::string& bytes : malformed) {
        session_values values = made_of({{"before", "1"}});
        EXPECT_FALSE(values.decode(bytes)) << testing::PrintToString(bytes);
        EXPECT_TRUE(values.empty());
    }
}

TEST(SessionRecord, ExpiresAtTheFirstOfItsDeadlines) {
    const auto at = [](int seconds) { return session_time{std::chrono::seconds{seconds}}; };
    session_record idle;
    idle.idle_deadline = at(10);
    idle.absolute_deadline = at(20);
    EXPECT_FALSE(idle.is_expired(at(9)));
    EXPECT_TRUE(idle.is_expired(at(10)));
    session_record absolute;
    absolute.idle_deadline = at(20);
    absolute.absolute_deadline = at(10);
    EXPECT_FALSE(absolute.is_expired(at(9)));
    EXPECT_TRUE(absolute.is_expired(at(10)));
}

}  // namespace
}  // namespace cloakroom
