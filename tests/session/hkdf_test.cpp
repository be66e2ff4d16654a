// SPDX-License-Identifier: MIT
#include "session/hkdf.hpp"

#include "hexadecimal_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cloakroom {
namespace {

std::string derive(const std::string& secret, const std::string& info, std::size_t size) {
    std::string made(size, '\0');
    hkdf_sha256(secret, info, made);
    return made;
}

// RFC 5869 appendix A.3.
TEST(Hkdf, AgreesWithTheRfc) {
    EXPECT_EQ(derive(std::string(22, '\x0B'), "", 42),
              from_hexadecimal("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                               "9d201395faa4b61a96c8"));
}

// The RFC has no vector with an info and without a salt; computed from its section 2 with Python's
// hmac.
TEST(Hkdf, TakesTheInfoIn) {
    EXPECT_EQ(derive(std::string(22, '\x0B'), from_hexadecimal("f0f1f2f3f4f5f6f7f8f9"), 42),
              from_hexadecimal("abbafb13f5c1bc489d4203135817956dd521b39e3bd61d1cc85cef884d1f8e2e"
                               "2ca9c19f23df620dd394"));
}

TEST(Hkdf, GivesAnotherKeyForEachSecretAndInfo) {
    const std::string key = derive("secret", "info", 36);
    EXPECT_EQ(derive("secret", "info", 32), key.substr(0, 32));
    EXPECT_NE(derive("secret2", "info", 36), key);
    EXPECT_NE(derive("secret", "info2", 36), key);
}

}  // namespace
}  // namespace cloakroom
