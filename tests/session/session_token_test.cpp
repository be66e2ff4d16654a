// SPDX-License-Identifier: MIT
#include <cloakroom/session_token.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace cloakroom {
namespace {

std::string hex(const session_token::digest_type& digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string made;
    for (const unsigned char octet : digest) {
        made += digits[octet >> 4];
        made += digits[octet & 15];
    }
    return made;
}

TEST(SessionToken, IsMadeOf43Base64urlCharacters) {
    const session_token token = session_token::random();
    ASSERT_EQ(token.text().size(), 43U);
    EXPECT_EQ(token.text().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                             "abcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string_view::npos);
}

// 1,000 tokens have 43,000 characters: each of the 64 is missing with a probability below 1e-290.
TEST(SessionToken, IsRandomInEveryPart) {
    std::set<std::string> tokens;
    std::set<char> characters;
    for (int count = 0; count < 1000; ++count) {
        const session_token token = session_token::random();
        tokens.emplace(token.text());
        characters.insert(token.text().begin(), token.text().end());
    }
    EXPECT_EQ(tokens.size(), 1000U);
    EXPECT_EQ(characters.size(), 64U);
}

// FIPS 180-4, the examples of one and of two blocks.
TEST(SessionToken, HasTheSha256OfItsText) {
    EXPECT_EQ(hex(session_token{"abc"}.digest()),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(
        hex(session_token{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"}.digest()),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(hex(session_token{}.digest()),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(SessionToken, ForgetsTheDigestOfAnotherText) {
    session_token token{"abc"};
    const session_token::digest_type abc = token.digest();
    token.assign("abd");
    EXPECT_EQ(token.text(), "abd");
    EXPECT_NE(token.digest(), abc);
    token.assign("abc");
    EXPECT_EQ(token.digest(), abc);
    token.clear();
    EXPECT_TRUE(token.empty());
    EXPECT_NE(token.digest(), abc);
}

}  // namespace
}  // namespace cloakroom
