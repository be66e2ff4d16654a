// SPDX-License-Identifier: MIT
#include "session/hmac.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

namespace cloakroom {
namespace {

template <std::size_t Size>
std::string hex(const std::array<unsigned char, Size>& code) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string made;
    for (const unsigned char octet : code) {
        made += digits[octet >> 4];
        made += digits[octet & 15];
    }
    return made;
}

std::string bytes(const hmac_code& code) {
    return {code.begin(), code.end()};
}

// RFC 4231, cases 1, 2, 3 and 6.
TEST(HmacSha256, KnowsTheVectorsOfTheRfc) {
    EXPECT_EQ(hex(hmac_sha256(std::string(20, '\x0B')).code("Hi There")),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(hex(hmac_sha256("Jefe").code("what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hex(hmac_sha256(std::string(20, '\xAA')).code(std::string(50, '\xDD'))),
              "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    EXPECT_EQ(hex(hmac_sha256(std::string(131, '\xAA'))
                      .code("Test Using Larger Than Block-Size Key - Hash Key First")),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// RFC 2202, cases 1, 2, 3 and 6.
TEST(HmacSha1, KnowsTheVectorsOfTheRfc) {
    EXPECT_EQ(hex(hmac_sha1(std::string(20, '\x0B')).code("Hi There")),
              "b617318655057264e28bc0b6fb378c8ef146be00");
    EXPECT_EQ(hex(hmac_sha1("Jefe").code("what do ya want for nothing?")),
              "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    EXPECT_EQ(hex(hmac_sha1(std::string(20, '\xAA')).code(std::string(50, '\xDD'))),
              "125d7342b9ac11cd91a39af48aa17b4f63f175d3");
    EXPECT_EQ(hex(hmac_sha1(std::string(80, '\xAA'))
                      .code("Test Using Larger Than Block-Size Key - Hash Key First")),
              "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

TEST(HmacSha1, VerifiesItsOwnCodeAndNoOther) {
    const hmac_sha1 hmac("key");
    const auto code = hmac.code("message");
    const std::string text(code.begin(), code.end());
    EXPECT_TRUE(hmac.verify("message", text));
    EXPECT_FALSE(hmac.verify("message!", text));
    EXPECT_FALSE(hmac.verify("message", text.substr(1)));
    EXPECT_FALSE(hmac.verify("message", text + '\0'));
}

TEST(HmacSha256, GivesTheSameCodeAgain) {
    const hmac_sha256 hmac("key");
    const hmac_code first = hmac.code("message");
    static_cast<void>(hmac.code("another"));
    EXPECT_EQ(hmac.code("message"), first);
}

TEST(HmacSha256, VerifiesItsOwnCodeAndNoOther) {
    const hmac_sha256 hmac("key");
    const std::string code = bytes(hmac.code("message"));
    EXPECT_TRUE(hmac.verify("message", code));
    EXPECT_FALSE(hmac.verify("message!", code));
    EXPECT_FALSE(hmac_sha256("kez").verify("message", code));
    for (std::size_t bit = 0; bit < 8 * code.size(); ++bit) {
        std::string other = code;
        other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(hmac.verify("message", other));
    }
    for (std::size_t size = 0; size < code.size(); ++size) {
        EXPECT_FALSE(hmac.verify("message", code.substr(0, size)));
    }
    EXPECT_FALSE(hmac.verify("message", code + '\0'));
}

TEST(HmacSha256, ServesManyThreadsAtOnce) {
    const hmac_sha256 hmac("key");
    std::vector<hmac_code> expected;
    expected.reserve(8);
    for (int message = 0; message < 8; ++message) {
        expected.push_back(hmac_sha256("key").code(std::to_string(message)));
    }
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (std::size_t thread = 0; thread < expected.size(); ++thread) {
        threads.emplace_back([&, thread] {
            for (int round = 0; round < 5000; ++round) {
                wrong += hmac.code(std::to_string(thread)) == expected[thread] ? 0 : 1;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace cloakroom
