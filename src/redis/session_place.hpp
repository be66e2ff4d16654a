// SPDX-License-Identifier: MIT
// Where a session is in Redis. All keys of one shard have one hash tag, so that a script may use
// them together in a cluster, too. A session with an owner is in the shard of the owner's name, as is
// the index of the owner's sessions; another one is anywhere.
//
//     PREFIX{SHARD}:s:DIGEST    a session (session_value); DIGEST is SHA-256 of its token, base64url
//     PREFIX{SHARD}:o:OWNER     the sorted set of the DIGESTs of an owner, by absolute deadline
//
// A token is SHARD, 2 characters, and 43 characters that nobody can guess.
#pragma once

#include <cloakroom/session_token.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace cloakroom::redis {

/// Two base64url characters: one of 4096.
using shard_name = std::string;

/// Not a copy of the token: what Redis gets to know of it.
struct session_place {
    shard_name shard;
    std::string base;    ///< What all keys of the shard begin with.
    std::string digest;  ///< 43 characters.
    std::string key;
    std::uint16_t slot = 0;
};

/// The place of an owner's index.
struct owner_place {
    shard_name shard;
    std::string base;
    std::string key;
    std::uint16_t slot = 0;
};

/// Whether it is a token as make_token() makes them.
[[nodiscard]] bool is_well_formed(std::string_view token) noexcept;

/// Of an owner; of nobody, any.
///
/// @throws std::system_error when the operating system gives no random bytes.
[[nodiscard]] shard_name choose_shard(std::string_view owner);

/// A new token in that shard. @throws as choose_shard().
[[nodiscard]] session_token make_token(const shard_name& shard);

/// REQUIRES: is_well_formed(token.text()).
[[nodiscard]] session_place place_of(std::string_view prefix, const session_token& token);

[[nodiscard]] owner_place place_of_owner(std::string_view prefix, std::string_view owner);

}  // namespace cloakroom::redis
