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

TEST(StoreAnswers, AListIsFoundOrNot) {
    EXPECT_EQ(checked_list(session_load::found), session_load::found);
    EXPECT_EQ(checked_list(session_load::failed), session_load::failed);
    for (const session_load outcome : {session_load::absent, session_load::invalid}) {
        EXPECT_THROW(static_cast<void>(checked_list(outcome)), std::runtime_error);
    }
}

TEST(StoreAnswers, AnEndIsCommittedOrNot) {
    EXPECT_EQ(checked_end(session_commit::committed), session_commit::committed);
    EXPECT_EQ(checked_end(session_commit::unavailable), session_commit::unavailable);
    for (const session_commit outcome :
         {session_commit::conflict, session_commit::gone, session_commit::too_large}) {
        EXPECT_THROW(static_cast<void>(checked_end(outcome)), std::runtime_error);
    }
}

}  // namespace
}  // namespace cloakroom
