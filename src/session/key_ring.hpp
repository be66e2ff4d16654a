// SPDX-License-Identifier: MIT
// The keys that sign and verify for one purpose: an active one, and older ones that only verify.
#pragma once

#include "session/hmac.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {

/// Keys derived from secrets and bound to a purpose: what is signed for one purpose is refused for
/// any other. Thread-safe.
class key_ring {
public:
    static constexpr std::size_t id_bytes = 4;

    /// What verify() found.
    enum class verdict {
        active,   ///< Signed by the active key.
        old,      ///< Signed by an older one; sign anew.
        refused,  ///< By none.
    };

    /// @param secrets  The active one first. REQUIRES: at least one.
    key_ring(std::string_view purpose, std::span<const std::string> secrets);

    /// Names the active key; tells nothing about it. id_bytes bytes.
    [[nodiscard]] std::string_view active_id() const noexcept;

    [[nodiscard]] hmac_code sign(std::string_view message) const;

    /// @param id  What active_id() was when `message` was signed.
    [[nodiscard]] verdict verify(std::string_view id, std::string_view message,
                                 std::string_view signature) const;

private:
    struct signing_key {
        std::array<char, id_bytes> id;
        hmac_sha256 hmac;
    };
    [[nodiscard]] static signing_key derive(std::string_view purpose, std::string_view secret);

    std::vector<signing_key> keys_;
};

}  // namespace cloakroom
