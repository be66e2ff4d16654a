// SPDX-License-Identifier: MIT
// Certificates for a TLS server on this machine, valid for a day. For tests alone.
#pragma once

#include <filesystem>

namespace cloakroom::redis {

/// Makes an authority of its own, and a certificate for 127.0.0.1 and localhost that it has signed.
/// Writes `ca.pem`, `server.pem` and `server.key` into `directory`.
///
/// @throws std::runtime_error when OpenSSL fails or a file cannot be written.
void write_server_certificate(const std::filesystem::path& directory);

}  // namespace cloakroom::redis
