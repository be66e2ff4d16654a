// SPDX-License-Identifier: MIT
// Cookies that the server did not make are refused, whatever is wrong with them.
#include "cookie_fixture.hpp"
#include "session/base64url.hpp"

#include <vector>

namespace cloakroom {
namespace {

class CookieForgery : public ::testing::TestWithParam<cookie_kind> {
protected:
    std::unique_ptr<session_store> store_ = GetParam().store();
};

INSTANTIATE_TEST_SUITE_P(All, CookieForgery, ::testing::ValuesIn(cookie_kinds), name_of_kind);

std::string cookie_of(const std::string& bytes) {
    std::string cookie(base64url_size(bytes.size()), '\0');
    base64url_encode(bytes, cookie.data());
    return cookie;
}

std::string with_flipped_bit(std::string text, std::size_t bit) {
    text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << (bit % 8)));
    return text;
}

TEST_P(CookieForgery, FailsWithAnyBitFlipped) {
    // Contents of three sizes, so that the text ends with each number of spare bits.
    for (const std::string_view json : {"7", "77", "777"}) {
        const std::string cookie = insert(*store_, record_with("count", json));
        for (std::size_t bit = 0; bit < 8 * cookie.size(); ++bit) {
            EXPECT_EQ(load(*store_, with_flipped_bit(cookie, bit)), session_load::invalid) << bit;
        }
    }
}

// As above, but behind the encoding: these are canonical base64url.
TEST_P(CookieForgery, FailsWithAnyBitOfTheContentsFlipped) {
    const std::string bytes = bytes_of(insert(*store_, record_with("count", "7")));
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
        EXPECT_EQ(load(*store_, cookie_of(with_flipped_bit(bytes, bit))), session_load::invalid)
            << bit;
    }
}

TEST_P(CookieForgery, FailsCutOrExtendedAnywhere) {
    const std::string cookie = insert(*store_, record_with("count", "7"));
    for (std::size_t size = 0; size < cookie.size(); ++size) {
        EXPECT_EQ(load(*store_, cookie.substr(0, size)), session_load::invalid) << size;
        EXPECT_EQ(load(*store_, cookie.substr(size + 1)), session_load::invalid) << size;
    }
    for (const char* more : {"A", "AA", "AAA", "AAAA", "=", " ", "~"}) {
        EXPECT_EQ(load(*store_, cookie + more), session_load::invalid);
        EXPECT_EQ(load(*store_, more + cookie), session_load::invalid);
    }
    EXPECT_EQ(load(*store_, cookie + cookie), session_load::invalid);
}

TEST_P(CookieForgery, FailsWithBytesCutOutOrPutIn) {
    const std::string bytes = bytes_of(insert(*store_, record_with("count", "7")));
    for (std::size_t at = 0; at <= bytes.size(); ++at) {
        EXPECT_EQ(load(*store_, cookie_of(bytes.substr(0, at) + '\0' + bytes.substr(at))),
                  session_load::invalid);
        EXPECT_EQ(load(*store_, cookie_of(bytes.substr(0, at))),
                  at == bytes.size() ? session_load::found : session_load::invalid);
    }
}

TEST_P(CookieForgery, FailsWithPiecesOfTwoCookies) {
    const std::string mine = bytes_of(insert(*store_, record_with("count", "7")));
    const std::string theirs = bytes_of(insert(*store_, record_with("count", "8")));
    ASSERT_EQ(mine.size(), theirs.size());
    for (std::size_t begin = 0; begin < mine.size(); ++begin) {
        for (std::size_t end = begin; end <= mine.size(); ++end) {
            const std::string mixed =
                mine.substr(0, begin) + theirs.substr(begin, end - begin) + mine.substr(end);
            const bool is_whole = mixed == mine || mixed == theirs;
            EXPECT_EQ(load(*store_, cookie_of(mixed)),
                      is_whole ? session_load::found : session_load::invalid)
                << begin << ' ' << end;
        }
    }
}

TEST_P(CookieForgery, FailsForAnotherCookieName) {
    const std::string cookie =
        insert(*GetParam().store({.secret = secret}, "session"), record_with("count", "7"));
    for (const char* name : {"", "sessio", "session1", "__Host-session", "Session"}) {
        EXPECT_EQ(load(*GetParam().store({.secret = secret}, name), cookie), session_load::invalid);
    }
}

TEST_P(CookieForgery, FailsForAnotherSecret) {
    const std::string cookie = insert(*store_, record_with("count", "7"));
    for (const std::string& other : {other_secret, secret + 'x', secret.substr(1)}) {
        EXPECT_EQ(load(*GetParam().store({.secret = other}), cookie), session_load::invalid);
        // Also when it claims to be made with that secret.
        const auto store = GetParam().store({.secret = other});
        std::string claim = bytes_of(cookie);
        claim.replace(1, 4, bytes_of(insert(*store, record_with("a", "1"))), 1, 4);
        EXPECT_EQ(load(*store, cookie_of(claim)), session_load::invalid);
    }
}

TEST_P(CookieForgery, FailsForAnotherKindOfStore) {
    for (const cookie_kind& other : cookie_kinds) {
        if (other.make == GetParam().make) {
            continue;
        }
        const auto store = other.store();
        std::string bytes = bytes_of(insert(*store, record_with("count", "7")));
        const std::string own = bytes_of(insert(*store_, record_with("count", "7")));
        EXPECT_EQ(load(*store_, cookie_of(bytes)), session_load::invalid);
        bytes[0] = own[0];  // the number of the format
        EXPECT_EQ(load(*store_, cookie_of(bytes)), session_load::invalid);
        bytes.replace(1, 4, own, 1, 4);  // and the id of the key
        EXPECT_EQ(load(*store_, cookie_of(bytes)), session_load::invalid);
    }
}

TEST_P(CookieForgery, FailsWithWhatIsNoCookieAtAll) {
    for (const std::string& text :
         {std::string{}, std::string{"x"}, std::string(80, 'A'), std::string(80, '\0'),
          std::string(4096, 'A'), std::string(4097, 'A'), std::string(1'000'000, 'A'),
          std::string{"AQ"}, std::string{"Ag"}, std::string{"~"}, "AQ" + std::string(4000, 'A'),
          "Ag" + std::string(4000, 'A'), std::string{"eyJjb3VudCI6MX0.ZyBxyQ.abc"}}) {
        EXPECT_EQ(load(*store_, text), session_load::invalid);
    }
}

}  // namespace
}  // namespace cloakroom
