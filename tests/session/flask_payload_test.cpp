// SPDX-License-Identifier: MIT
#include "session/flask_payload.hpp"

#include "flask_fixture.hpp"

#include <gtest/gtest.h>

#include <zlib.h>

#include <span>
#include <string>
#include <vector>

namespace cloakroom {
namespace {

using namespace flask_test;

// As Python's zlib.compress().
std::string deflated(std::string_view bytes) {
    uLongf size = compressBound(static_cast<uLong>(bytes.size()));
    std::string made(size, '\0');
    EXPECT_EQ(compress2(reinterpret_cast<Bytef*>(made.data()), &size,
                        reinterpret_cast<const Bytef*>(bytes.data()),
                        static_cast<uLong>(bytes.size()), 6),
              Z_OK);
    made.resize(size);
    return made;
}

std::string encoded(std::string_view json) {
    std::string out(base64url_size(json.size()), '\0');
    deflater with;
    out.resize(encode_flask_payload(json, with, out));
    return out;
}

bool decode(std::string_view payload, std::size_t most, std::string* into = nullptr) {
    std::pmr::string json = "as before";
    const bool is_good = decode_flask_payload(payload, most, json);
    if (into != nullptr) {
        into->assign(json);
    }
    return is_good;
}

// itsdangerous deflates when that saves two bytes or more.
std::string expected(std::string_view json) {
    const std::string shorter = deflated(json);
    return shorter.size() < json.size() - 1 ? '.' + base64url(shorter) : base64url(json);
}

TEST(FlaskPayload, IsDeflatedFromTwoBytesSavedOn) {
    bool saves_one = false;
    bool saves_two = false;
    for (std::size_t size = 0; size < 200; ++size) {
        for (const char* tail : {"", "xyz", "abcdefghijklmnop"}) {
            const std::string json = "{\"k\":\"" + std::string(size, 'x') + tail + "\"}";
            const std::size_t shorter = deflated(json).size();
            saves_one = saves_one || shorter + 1 == json.size();
            saves_two = saves_two || shorter + 2 == json.size();
            EXPECT_EQ(encoded(json), expected(json)) << json;
        }
    }
    EXPECT_TRUE(saves_one && saves_two);
}

TEST(FlaskPayload, FitsIntoItsRoomOrIsNotWritten) {
    for (const std::string& json : {std::string{"{\"count\":1}"}, std::string(1000, 'x')}) {
        const std::string whole = expected(json);
        std::string out(whole.size(), '\0');
        deflater with;
        EXPECT_EQ(encode_flask_payload(json, with, out), whole.size());
        EXPECT_EQ(out, whole);
        EXPECT_EQ(encode_flask_payload(json, with, std::span{out}.first(whole.size() - 1)), 0U);
        EXPECT_EQ(encode_flask_payload(json, with, {}), 0U);
    }
}

TEST(FlaskPayload, InflatesUpToTheLimit) {
    for (const std::size_t size : {1U, 1000U, 2047U, 2048U, 2049U, 5000U, 65'536U}) {
        const std::string payload = '.' + base64url(deflated(std::string(size, 'x')));
        std::string json;
        EXPECT_TRUE(decode(payload, size, &json)) << size;
        EXPECT_EQ(json, std::string(size, 'x'));
        EXPECT_FALSE(decode(payload, size - 1));
    }
    EXPECT_TRUE(decode(base64url("12345"), 5));
    EXPECT_FALSE(decode(base64url("12345"), 4));
}

TEST(FlaskPayload, StopsAtAZipBomb) {
    const std::string bomb = deflated(std::string(50'000'000, 'x'));
    const std::string payload = '.' + base64url(std::string_view{bomb}.substr(0, 3000));
    std::string json;
    EXPECT_FALSE(decode(payload, 65'536, &json));
    EXPECT_LE(json.size(), 65'537U);
    EXPECT_FALSE(decode('.' + base64url(bomb), 65'536, &json));
    EXPECT_LE(json.size(), 65'537U);
}

TEST(FlaskPayload, RefusesStreamsThatAreNotWhole) {
    std::string text = R"({"count":1})";
    text.insert(0, 300, 'x');
    const std::string good = deflated(text);
    ASSERT_TRUE(decode('.' + base64url(good), 1000));
    for (std::size_t size = 0; size < good.size(); ++size) {
        EXPECT_FALSE(decode('.' + base64url(good.substr(0, size)), 1000)) << size;
    }
    for (const std::size_t size : {300U, 2048U, 4096U}) {  // where the room ends, too
        const std::string whole = deflated(std::string(size, 'x'));
        EXPECT_FALSE(decode('.' + base64url(whole.substr(0, whole.size() - 4)), 5000)) << size;
    }
    EXPECT_FALSE(decode('.' + base64url(good + 'x'), 1000));
    EXPECT_FALSE(decode('.' + base64url(good + good), 1000));
    EXPECT_FALSE(decode(".", 1000));
    EXPECT_FALSE(decode("..", 1000));
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
        std::string other = good;
        other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
        std::string json;
        if (decode('.' + base64url(other), 1000, &json)) {  // the header has bits without meaning
            EXPECT_EQ(json, text);
        }
    }
}

TEST(FlaskPayload, RefusesAnythingButStrictBase64url) {
    // What Python's decoder skips or tolerates.
    for (const char* payload :
         {"e30=", "e3 0", "e30\n", "e30!", "e31", "e3", "e", "+/+/", "e30."}) {
        EXPECT_FALSE(decode(payload, 100)) << payload;
    }
    EXPECT_TRUE(decode("e30", 100));
}

}  // namespace
}  // namespace cloakroom
