// SPDX-License-Identifier: MIT
// HKDF-SHA256 (RFC 5869) without a salt: keys for several purposes from one secret.
#pragma once

#include <span>
#include <string_view>

namespace cloakroom {

/// Fills `out`, which may have at most 8,160 bytes.
///
/// @param info  What the key is for: another text gives an unrelated key.
/// @throws std::runtime_error when OpenSSL cannot.
void hkdf_sha256(std::string_view secret, std::string_view info, std::span<char> out);

}  // namespace cloakroom
