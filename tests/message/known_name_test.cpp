// SPDX-License-Identifier: MIT
#include "message/known_name.hpp"

#include <cloakroom/text.hpp>

#include <gtest/gtest.h>

#include <string>

namespace cloakroom {
namespace {

// Names of one word and of several, which overlap or do not, with all that tokens have.
constexpr known_name four("Host");
constexpr known_name six("Expect");
constexpr known_name seven("A-1_b~Z");
constexpr known_name eight("X-^`|.Ok");
constexpr known_name ten("Connection");
constexpr known_name sixteen("Proxy-Connection");
constexpr known_name seventeen("Transfer-Encoding");

template <std::size_t Size>
void expect_agreement(const known_name<Size>& known, const std::string& name) {
    ASSERT_EQ(name.size(), Size);
    EXPECT_TRUE(known.matches(name));
    for (std::size_t place = 0; place < Size; ++place) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string text = name;
            text[place] = static_cast<char>(byte);
            ASSERT_EQ(known.matches(text), equals_ignoring_case(text, name)) << text;
        }
    }
}

TEST(KnownName, ComparesAsEqualsIgnoringCaseDoes) {
    expect_agreement(four, "Host");
    expect_agreement(six, "Expect");
    expect_agreement(seven, "A-1_b~Z");
    expect_agreement(eight, "X-^`|.Ok");
    expect_agreement(ten, "Connection");
    expect_agreement(sixteen, "Proxy-Connection");
    expect_agreement(seventeen, "Transfer-Encoding");
}

TEST(KnownName, MatchesInAnyCase) {
    EXPECT_TRUE(ten.matches("cOnNeCtIoN"));
    EXPECT_TRUE(seventeen.matches("TRANSFER-ENCODING"));
    EXPECT_TRUE(seventeen.matches("transfer-encoding"));
}

TEST(KnownName, MatchesNoOtherLength) {
    EXPECT_FALSE(ten.matches(""));
    EXPECT_FALSE(ten.matches("Connectio"));
    EXPECT_FALSE(ten.matches("Connections"));
}

}  // namespace
}  // namespace cloakroom
