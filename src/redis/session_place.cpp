// SPDX-License-Identifier: MIT
#include "redis/session_place.hpp"

#include "redis/key_slot.hpp"
#include "session/base64url.hpp"
#include "session/random_bytes.hpp"
#include "session/sha256.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace cloakroom::redis {
namespace {

constexpr std::size_t shard_characters = 2;
constexpr std::size_t id_bytes = 32;

// The first 12 of those 16 bits.
shard_name shard_of(std::array<char, 2> bits) {
    std::array<char, base64url_size(2)> text;
    base64url_encode({bits.data(), bits.size()}, text.data());
    return {text.data(), shard_characters};
}

std::string base_of(std::string_view prefix, std::string_view shard) {
    return std::string{prefix}.append("{").append(shard).append("}:");
}

}  // namespace

bool is_well_formed(std::string_view token) noexcept {
    if (token.size() != shard_characters + base64url_size(id_bytes)) {
        return false;
    }
    // Behind "AA" any shard would be canonical base64url, of three bytes with a third one.
    std::array<char, 3> shard;
    std::array<char, id_bytes> id;
    const std::array<char, 4> padded{token[0], token[1], 'A', 'A'};
    return base64url_decode({padded.data(), padded.size()}, shard.data()) &&
           base64url_decode(token.substr(shard_characters), id.data());
}

shard_name choose_shard(std::string_view owner) {
    if (owner.empty()) {
        std::array<char, 2> bits;
        fill_random(bits);
        return shard_of(bits);
    }
    const sha256_digest digest = sha256(owner);
    return shard_of({static_cast<char>(digest[0]), static_cast<char>(digest[1])});
}

session_token make_token(const shard_name& shard) {
    return session_token{shard + std::string{session_token::random().text()}};
}

session_place place_of(std::string_view prefix, const session_token& token) {
    session_place place;
    place.shard = token.text().substr(0, shard_characters);
    place.base = base_of(prefix, place.shard);
    const session_token::digest_type& digest = token.digest();
    place.digest.resize(base64url_size(digest.size()));
    base64url_encode({reinterpret_cast<const char*>(digest.data()), digest.size()},
                     place.digest.data());
    place.key = place.base + "s:" + place.digest;
    place.slot = key_slot(place.key);
    return place;
}

owner_place place_of_owner(std::string_view prefix, std::string_view owner) {
    owner_place place;
    place.shard = choose_shard(owner);
    place.base = base_of(prefix, place.shard);
    place.key = (place.base + "o:").append(owner);
    place.slot = key_slot(place.key);
    return place;
}

}  // namespace cloakroom::redis
