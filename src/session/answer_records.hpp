// SPDX-License-Identifier: MIT
// The answers that a session keeps for requests with an Idempotency-Key, and how they are stored.
#pragma once

#include <cloakroom/json_codec.hpp>
#include <cloakroom/response.hpp>
#include <cloakroom/session_record.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {

/// The first answer to one key.
struct answer_record {
    std::string key;
    session_time answered{};  ///< From the epoch on.
    std::string fingerprint;  ///< Of the request: 32 bytes.
    response answer;
};

/// In the order they were made.
using answer_records = std::vector<answer_record>;

/// A JSON array with an array for each record:
///
///     [key, seconds since the epoch, fingerprint, status, fields, content]
///
/// Fingerprint, fields (as they go to the peer, but without Set-Cookie) and content are base64url,
/// since they are bytes.
template <>
struct json_codec<answer_records> {
    static void encode(std::string& out, const answer_records& value);

    /// Takes what encode() writes, and nothing else.
    ///
    /// @throws broken_contents for everything else.
    static bool decode(std::string_view text, answer_records& value);
};

}  // namespace cloakroom
