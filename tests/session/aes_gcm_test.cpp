// SPDX-License-Identifier: MIT
#include "session/aes_gcm.hpp"

#include "hexadecimal_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace cloakroom {
namespace {

struct vector {
    std::string_view key;
    std::string_view nonce;
    std::string_view text;
    std::string_view sealed;
    std::string_view tag;
};

constexpr std::string_view zero_key =
    "0000000000000000000000000000000000000000000000000000000000000000";
constexpr std::string_view zero_nonce = "000000000000000000000000";

// McGrew and Viega, The Galois/Counter Mode of Operation, appendix B: test cases 13 to 15.
constexpr vector published[] = {
    {zero_key, zero_nonce, "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {zero_key, zero_nonce, "00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18",
     "d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad",
     "b094dac5d93471bdec1a502270e3cc6c"},
};

template <std::size_t Size>
std::span<char, Size> whole(std::string& text) {
    EXPECT_EQ(text.size(), Size);
    return std::span<char, Size>{text.data(), Size};
}

using calls = aes_gcm::calls;

aes_gcm with_key(std::string_view hexadecimal, calls how = aes_gcm::quickest_calls()) {
    std::string key = from_hexadecimal(hexadecimal);
    return aes_gcm{whole<aes_gcm::key_bytes>(key), how};
}

// Where the quick ones do not work, these are the documented ones twice.
const calls ways[] = {calls::documented, aes_gcm::quickest_calls()};

TEST(AesGcm, AgreesWithPublishedVectors) {
    for (const calls how : ways) {
        for (const vector& each : published) {
            aes_gcm cipher = with_key(each.key, how);
            std::string nonce = from_hexadecimal(each.nonce);
            std::string text = from_hexadecimal(each.text);
            std::string tag(aes_gcm::tag_bytes, '\0');
            ASSERT_TRUE(cipher.seal(whole<12>(nonce), text, whole<16>(tag)));
            EXPECT_EQ(text, from_hexadecimal(each.sealed));
            EXPECT_EQ(tag, from_hexadecimal(each.tag));
            ASSERT_TRUE(cipher.open(whole<12>(nonce), text, whole<16>(tag)));
            EXPECT_EQ(text, from_hexadecimal(each.text));
        }
    }
}

// One after the other with one state, as sessions come: nothing of a message reaches the next.
TEST(AesGcm, GivesTheSameBytesHoweverOpenSslIsCalled) {
    aes_gcm plain = with_key(published[2].key, ways[0]);
    aes_gcm quick = with_key(published[2].key, ways[1]);
    for (std::size_t size = 0; size < short_gcm::most_bytes + 40; ++size) {
        std::string nonce(aes_gcm::nonce_bytes, static_cast<char>(size));
        nonce.back() = static_cast<char>(size >> 8);
        const std::string text(size, 'm');
        std::string by_plain = text;
        std::string by_quick = text;
        std::string plain_tag(aes_gcm::tag_bytes, '\0');
        std::string quick_tag(aes_gcm::tag_bytes, '\0');
        ASSERT_TRUE(plain.seal(whole<12>(nonce), by_plain, whole<16>(plain_tag)));
        ASSERT_TRUE(quick.seal(whole<12>(nonce), by_quick, whole<16>(quick_tag)));
        ASSERT_EQ(by_quick, by_plain);
        ASSERT_EQ(quick_tag, plain_tag);
        std::string forged = by_plain + "m";
        EXPECT_FALSE(quick.open(whole<12>(nonce), forged, whole<16>(plain_tag)));
        EXPECT_TRUE(plain.open(whole<12>(nonce), by_quick, whole<16>(quick_tag)));
        EXPECT_TRUE(quick.open(whole<12>(nonce), by_plain, whole<16>(plain_tag)));
        EXPECT_EQ(by_quick, text);
        EXPECT_EQ(by_plain, text);
    }
}

void refuses_all_but(const vector& good, aes_gcm& cipher) {
    std::string nonce = from_hexadecimal(good.nonce);
    std::string tag = from_hexadecimal(good.tag);
    for (std::string* const part : {&nonce, &tag}) {
        for (char& byte : *part) {
            std::string text = from_hexadecimal(good.sealed);
            byte = static_cast<char>(byte ^ 1);
            EXPECT_FALSE(cipher.open(whole<12>(nonce), text, whole<16>(tag)));
            byte = static_cast<char>(byte ^ 1);
        }
    }
    for (std::size_t at = 0; at < good.sealed.size() / 2; ++at) {
        std::string text = from_hexadecimal(good.sealed);
        text[at] = static_cast<char>(text[at] ^ 1);
        EXPECT_FALSE(cipher.open(whole<12>(nonce), text, whole<16>(tag)));
    }
    std::string text = from_hexadecimal(good.sealed);
    EXPECT_TRUE(cipher.open(whole<12>(nonce), text, whole<16>(tag)));
}

TEST(AesGcm, RefusesAnotherTagNonceAndText) {
    for (const calls how : ways) {
        aes_gcm cipher = with_key(published[2].key, how);
        refuses_all_but(published[2], cipher);
    }
}

TEST(AesGcm, CopiesAreIndependent) {
    const vector& good = published[2];
    for (const calls how : ways) {
        auto original = std::make_unique<aes_gcm>(with_key(good.key, how));
        aes_gcm copy = *original;
        original.reset();
        std::string nonce = from_hexadecimal(good.nonce);
        std::string text = from_hexadecimal(good.sealed);
        std::string tag = from_hexadecimal(good.tag);
        EXPECT_TRUE(copy.open(whole<12>(nonce), text, whole<16>(tag)));
    }
}

TEST(ShortGcm, RefusesOneByteMoreThanItTakes) {
    std::string key = from_hexadecimal(zero_key);
    short_gcm cipher{whole<short_gcm::key_bytes>(key)};
    std::string nonce = from_hexadecimal(zero_nonce);
    std::string text(short_gcm::most_bytes, 'm');
    std::string tag(short_gcm::tag_bytes, '\0');
    EXPECT_TRUE(cipher.seal(whole<12>(nonce), text, whole<16>(tag)));
    EXPECT_TRUE(cipher.open(whole<12>(nonce), text, whole<16>(tag)));
    text += 'm';
    EXPECT_FALSE(cipher.seal(whole<12>(nonce), text, whole<16>(tag)));
    EXPECT_FALSE(cipher.open(whole<12>(nonce), text, whole<16>(tag)));
}

}  // namespace
}  // namespace cloakroom
