// SPDX-License-Identifier: MIT
#include "app/store_answers.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace cloakroom {
namespace {

bool takes(const std::string& token) {
    session_committed answer;
    answer.token.assign(token);
    try {
        return checked_commit(session_commit::committed, session_change::operation::insert,
                              answer) == session_commit::committed;
    } catch (const std::runtime_error&) {
        return false;
    }
}

// RFC 6265bis section 4.1.1.
bool is_cookie_octet(int byte) {
    return byte == 0x21 || (byte >= 0x23 && byte <= 0x2B) || (byte >= 0x2D && byte <= 0x3A) ||
           (byte >= 0x3C && byte <= 0x5B) || (byte >= 0x5D && byte <= 0x7E);
}

TEST(StoreAnswers, ATokenHasCookieOctetsAtEveryPlace) {
    for (const std::size_t size : {1U, 15U, 16U, 17U, 40U}) {
        for (std::size_t at = 0; at < size; ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string token(size, 'm');
                token[at] = static_cast<char>(byte);
                ASSERT_EQ(takes(token), is_cookie_octet(byte)) << size << ' ' << at << ' ' << byte;
            }
        }
    }
}

TEST(StoreAnswers, ATokenHasACharacterAndAtMost4096) {
    EXPECT_FALSE(takes(""));
    EXPECT_TRUE(takes(std::string(4096, 'm')));
    EXPECT_FALSE(takes(std::string(4097, 'm')));
}

}  // namespace
}  // namespace cloakroom
