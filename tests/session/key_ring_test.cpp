// SPDX-License-Identifier: MIT
#include "session/key_ring.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cloakroom {
namespace {

const std::vector<std::string> only_new{"the new secret"};
const std::vector<std::string> only_old{"the old secret"};
const std::vector<std::string> new_and_old{"the new secret", "the old secret"};

struct signed_message {
    std::string id;
    std::string signature;
};

signed_message sign(const key_ring& ring, std::string_view message) {
    const hmac_code code = ring.sign(message);
    return {std::string{ring.active_id()}, {code.begin(), code.end()}};
}

key_ring::verdict check(const key_ring& ring, const signed_message& made,
                        std::string_view message) {
    return ring.verify(made.id, message, made.signature);
}

TEST(KeyRing, VerifiesWhatItSigned) {
    const key_ring ring("purpose", only_new);
    EXPECT_EQ(check(ring, sign(ring, "message"), "message"), key_ring::verdict::active);
    EXPECT_EQ(check(ring, sign(ring, "message"), "massage"), key_ring::verdict::refused);
}

TEST(KeyRing, TellsOldKeysFromTheActiveOne) {
    const signed_message by_old = sign(key_ring("purpose", only_old), "message");
    const key_ring ring("purpose", new_and_old);
    EXPECT_EQ(check(ring, by_old, "message"), key_ring::verdict::old);
    EXPECT_EQ(check(ring, sign(ring, "message"), "message"), key_ring::verdict::active);
    EXPECT_EQ(check(key_ring("purpose", only_new), by_old, "message"), key_ring::verdict::refused);
}

TEST(KeyRing, SignsWithTheFirstSecret) {
    const signed_message made = sign(key_ring("purpose", new_and_old), "message");
    EXPECT_EQ(check(key_ring("purpose", only_new), made, "message"), key_ring::verdict::active);
    EXPECT_EQ(check(key_ring("purpose", only_old), made, "message"), key_ring::verdict::refused);
}

TEST(KeyRing, IsBoundToItsPurpose) {
    const signed_message made = sign(key_ring("purpose", only_new), "message");
    const key_ring other("porpoise", only_new);
    EXPECT_NE(other.active_id(), made.id);
    EXPECT_EQ(check(other, made, "message"), key_ring::verdict::refused);
    EXPECT_EQ(check(other, {std::string{other.active_id()}, made.signature}, "message"),
              key_ring::verdict::refused);
}

TEST(KeyRing, RefusesAnUnknownId) {
    const key_ring ring("purpose", only_new);
    signed_message made = sign(ring, "message");
    made.id[0] = static_cast<char>(made.id[0] ^ 1);
    EXPECT_EQ(check(ring, made, "message"), key_ring::verdict::refused);
    made.id.clear();
    EXPECT_EQ(check(ring, made, "message"), key_ring::verdict::refused);
}

}  // namespace
}  // namespace cloakroom
