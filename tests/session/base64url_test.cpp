// SPDX-License-Identifier: MIT
#include "session/base64url.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

namespace cloakroom {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string base64url_encoded(std::string_view bytes) {
    std::string text(base64url_size(bytes.size()), '?');
    base64url_encode(bytes, text.data());
    return text;
}

std::optional<std::string> base64url_decoded(std::string_view text) {
    std::string bytes(base64url_decoded_size(text.size()), '?');
    const std::optional<std::size_t> size = base64url_decode(text, bytes.data());
    EXPECT_TRUE(!size || *size == bytes.size());
    return size ? std::optional{bytes} : std::nullopt;
}

// RFC 4648 section 10, without the padding; and the two characters that the URL alphabet changes.
TEST(Base64url, KnowsTheVectorsOfTheRfc) {
    using vector = std::pair<std::string_view, std::string_view>;
    for (const auto& [bytes, text] :
         {vector{"", ""}, vector{"f", "Zg"}, vector{"fo", "Zm8"}, vector{"foo", "Zm9v"},
          vector{"foob", "Zm9vYg"}, vector{"fooba", "Zm9vYmE"}, vector{"foobar", "Zm9vYmFy"},
          vector{"\xFB\xFF\xBF", "-_-_"}}) {
        EXPECT_EQ(base64url_encoded(bytes), text);
        EXPECT_EQ(base64url_decoded(text), bytes);
    }
}

TEST(Base64url, KeepsEveryByteAtEveryPlace) {
    for (std::size_t size = 1; size <= 8; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string bytes(size, '\x5A');
                bytes[at] = static_cast<char>(byte);
                EXPECT_EQ(base64url_decoded(base64url_encoded(bytes)), bytes);
            }
        }
    }
}

// One digit at a time, to compare with.
std::string plainly_encoded(std::string_view bytes) {
    std::string text;
    for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += 6) {
        unsigned digit = 0;
        for (std::size_t at = bit; at < bit + 6; ++at) {
            const unsigned byte =
                at / 8 < bytes.size() ? static_cast<unsigned char>(bytes[at / 8]) : 0;
            digit = digit << 1 | (byte >> (7 - at % 8) & 1U);
        }
        text += alphabet[digit];
    }
    return text;
}

TEST(Base64url, DoesAllLengthsAsOneDigitAtATimeDoes) {
    std::string bytes;
    for (unsigned size = 0; size < 200; ++size) {
        EXPECT_EQ(base64url_encoded(bytes), plainly_encoded(bytes));
        EXPECT_EQ(base64url_decoded(plainly_encoded(bytes)), bytes);
        bytes += static_cast<char>(size * 167 + 13);
    }
}

TEST(Base64url, DoesEveryByteInALongTextAsOneDigitAtATimeDoes) {
    for (std::size_t at = 0; at < 40; ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string bytes(40, '\xA5');
            bytes[at] = static_cast<char>(byte);
            EXPECT_EQ(base64url_encoded(bytes), plainly_encoded(bytes));
            EXPECT_EQ(base64url_decoded(plainly_encoded(bytes)), bytes);
        }
    }
}

// 16 characters are decoded at once where there are so many.
TEST(Base64url, RefusesEveryOtherCharacterInALongText) {
    for (std::size_t at = 0; at < 43; ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string text(44, 'b');
            text[at] = static_cast<char>(byte);
            const bool is_digit = alphabet.find(text[at]) != std::string_view::npos;
            EXPECT_EQ(base64url_decoded(text).has_value(), is_digit) << text;
        }
    }
}

TEST(Base64url, WritesNoMoreThanItSays) {
    for (std::size_t size = 0; size < 70; ++size) {
        const std::string bytes(size, '\xA5');
        std::string text(base64url_size(size) + 16, '?');
        base64url_encode(bytes, text.data());
        EXPECT_EQ(text.substr(base64url_size(size)), std::string(16, '?'));
        text.resize(base64url_size(size));
        std::string back(size + 16, '?');
        EXPECT_EQ(base64url_decode(text, back.data()), size);
        EXPECT_EQ(back, bytes + std::string(16, '?'));
    }
}

TEST(Base64url, RefusesEveryOtherCharacterAtEveryPlace) {
    for (const std::string_view good : {"AAAA", "AAAAAA", "AAAAAAA", "AAAAAAAA"}) {
        for (std::size_t at = 0; at < good.size(); ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string text{good};
                text[at] = static_cast<char>(byte);
                const bool is_digit = alphabet.find(text[at]) != std::string_view::npos;
                EXPECT_TRUE(is_digit || !base64url_decoded(text)) << text;
            }
        }
    }
}

TEST(Base64url, RefusesLengthsThatNoEncodingHas) {
    for (const std::string_view text : {"A", "AAAAA", "AAAAAAAAA"}) {
        EXPECT_FALSE(base64url_decoded(text)) << text;
    }
}

TEST(Base64url, RefusesPadding) {
    for (const std::string_view text : {"Zg==", "Zg=", "Zm8=", "====", "="}) {
        EXPECT_FALSE(base64url_decoded(text)) << text;
    }
}

// Of the texts that stand for the same bytes, only the encoding itself is taken.
TEST(Base64url, RefusesTrailingBitsThatAreNotZero) {
    for (const std::string_view start : {"Z", "AAAAZ", "Zm", "AAAAZm"}) {
        int accepted = 0;
        for (int byte = 0; byte < 256; ++byte) {
            const std::string text = std::string{start} + static_cast<char>(byte);
            if (const auto bytes = base64url_decoded(text)) {
                ++accepted;
                EXPECT_EQ(base64url_encoded(*bytes), text);
            }
        }
        EXPECT_EQ(accepted, start.size() % 4 == 1 ? 4 : 16) << start;
    }
}

}  // namespace
}  // namespace cloakroom
