// SPDX-License-Identifier: MIT
// What the example login keeps of passwords.
#include "password.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

// By Python's hashlib.scrypt, with the salt F0 F1 ... FF.
constexpr const char* python_cheap =
    "$scrypt$ln=4,r=8,p=1$8PHy8/T19vf4+fr7/P3+/w$JvJWJIKH0DvalOuZloYFzm7z/NOUGrOUSepHfp4u5bk";
constexpr const char* python =
    "$scrypt$ln=14,r=8,p=5$8PHy8/T19vf4+fr7/P3+/w$Z0Eyyu7+etbl3Wfj8bnJtnAYjc6jsEPLaFWgBkpBfN4";

TEST(Password, IsThatOfItsHashAlone) {
    const std::string kept = password::hash("correct horse");
    EXPECT_TRUE(password::matches("correct horse", kept));
    for (const std::string_view wrong : {"", "correct hors", "correct horse ", "Correct horse"}) {
        EXPECT_FALSE(password::matches(wrong, kept)) << wrong;
    }
}

TEST(Password, HasAnotherSaltEachTime) {
    const std::string first = password::hash("correct horse");
    const std::string second = password::hash("correct horse");
    EXPECT_EQ(first.substr(0, 22), "$scrypt$ln=14,r=8,p=5$");
    EXPECT_EQ(first.size(), std::string_view{python}.size());
    EXPECT_NE(first.substr(22, 22), second.substr(22, 22));
}

TEST(Password, HashesAsOthersDoAndAtAnyCost) {
    EXPECT_TRUE(password::matches("correct horse", python));
    EXPECT_TRUE(password::matches("correct horse", python_cheap));
    EXPECT_FALSE(password::matches("wrong horse", python_cheap));
}

TEST(Password, MayHoldAnyBytesOrNone) {
    const std::string_view odd{"a\0b\xff", 4};
    const password::cost cheap{.ln = 4, .r = 8, .p = 1};
    EXPECT_TRUE(password::matches(odd, password::hash_with(odd, {}, cheap)));
    EXPECT_FALSE(password::matches("a", password::hash_with(odd, {}, cheap)));
    EXPECT_TRUE(password::matches("", password::hash_with("", {}, cheap)));
}

TEST(Password, MatchesNothingThatIsNoHash) {
    const std::string good = python_cheap;
    for (const std::string& bad :
         {std::string{}, std::string{"correct horse"}, std::string{"$scrypt$"}, good.substr(0, 44),
          good.substr(0, good.size() - 1), good + "A", " " + good,
          "$scrypt$ln=64,r=8,p=1" + good.substr(20), "$scrypt$ln=04,r=8,p=1" + good.substr(20),
          "$scrypt$ln=4,r=8,p=1$8PHy8" + good.substr(43)}) {
        EXPECT_FALSE(password::matches("correct horse", bad)) << bad;
    }
    const std::string salt_of_others = "9" + good.substr(22);
    EXPECT_FALSE(password::matches("correct horse", good.substr(0, 21) + salt_of_others));
}

TEST(Password, IsNotHashedAtACostBeyondMeasure) {
    const std::string huge = "$scrypt$ln=20,r=99,p=1" + std::string{python_cheap}.substr(20);
    EXPECT_THROW(static_cast<void>(password::matches("correct horse", huge)), std::runtime_error);
}

}  // namespace
