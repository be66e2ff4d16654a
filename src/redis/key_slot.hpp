// SPDX-License-Identifier: MIT
// Which slot of a Redis Cluster a key is in.
#pragma once

#include <cstdint>
#include <string_view>

namespace cloakroom::redis {

/// How many slots a cluster has.
inline constexpr std::uint16_t slot_count = 16384;

/// CRC16 (XMODEM) of the key, or of what is between its first "{" and the next "}" if that is not
/// empty. Source: https://redis.io/docs/reference/cluster-spec, "Hash tags".
[[nodiscard]] constexpr std::uint16_t key_slot(std::string_view key) noexcept {
    const std::string_view::size_type open = key.find('{');
    if (open != std::string_view::npos) {
        const std::string_view::size_type close = key.find('}', open + 1);
        if (close != std::string_view::npos && close != open + 1) {
            key = key.substr(open + 1, close - open - 1);
        }
    }
    std::uint16_t crc = 0;
    for (const char each : key) {
        crc = static_cast<std::uint16_t>(crc ^ (static_cast<unsigned char>(each) << 8U));
        for (int bit = 0; bit < 8; ++bit) {
            const unsigned shifted = unsigned{crc} << 1U;
            crc =
                static_cast<std::uint16_t>((shifted & 0x10000U) != 0 ? shifted ^ 0x1021U : shifted);
        }
    }
    return crc % slot_count;
}

}  // namespace cloakroom::redis
