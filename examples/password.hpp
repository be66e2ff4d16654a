// SPDX-License-Identifier: MIT
// Passwords as they may be kept: salted scrypt hashes, by OpenSSL. Slow on purpose (some 0.1 s and
// 16 MiB each), so not for an event loop: take them to a blocking() handler.
#pragma once

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace password {

/// N is 2 to the power of `ln`. These are of the choices that the OWASP Password Storage Cheat
/// Sheet gives the one with the memory that sixteen log-ins at once can have.
struct cost {
    unsigned ln = 14;
    unsigned r = 8;
    unsigned p = 5;
};

using salt = std::array<unsigned char, 16>;

/// Standard base64 without its padding, as the PHC string format has it.
[[nodiscard]] inline std::string base64(std::span<const unsigned char> bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock adds a NUL
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                    static_cast<int>(bytes.size()));
    return text.substr(0, text.find_first_of(std::string_view{"=\0", 2}));
}

/// @throws std::runtime_error when OpenSSL refuses, such as for want of memory.
[[nodiscard]] inline std::string hash_with(std::string_view text, const salt& salted,
                                           const cost& by) {
    constexpr std::uint64_t most_memory = 256UL * 1024 * 1024;
    std::array<unsigned char, 32> key{};
    if (EVP_PBE_scrypt(text.data(), text.size(), salted.data(), salted.size(),
                       std::uint64_t{1} << by.ln, by.r, by.p, most_memory, key.data(),
                       key.size()) != 1) {
        throw std::runtime_error("scrypt has failed");
    }
    return "$scrypt$ln=" + std::to_string(by.ln) + ",r=" + std::to_string(by.r) +
           ",p=" + std::to_string(by.p) + "$" + base64(salted) + "$" + base64(key);
}

/// What to keep of a password: a PHC string, "$scrypt$ln=14,r=8,p=5$SALT$KEY", with a salt of its
/// own. @throws std::runtime_error when OpenSSL refuses.
[[nodiscard]] inline std::string hash(std::string_view text) {
    salt random{};
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) {
        throw std::runtime_error("there are no random bytes");
    }
    return hash_with(text, random, cost{});
}

/// Whether `kept` is a hash of that password, whatever cost it was made with. Compares in constant
/// time. @throws std::runtime_error when OpenSSL refuses.
[[nodiscard]] inline bool matches(std::string_view text, const std::string& kept) {
    cost by;
    std::array<char, 25> encoded{};  // 22 characters; with "==" they are whole groups of four
    if (std::sscanf(kept.c_str(), "$scrypt$ln=%2u,r=%2u,p=%2u$%22[A-Za-z0-9+/]$", &by.ln, &by.r,
                    &by.p, encoded.data()) != 4 ||
        encoded[21] == '\0' || by.ln > 20) {
        return false;
    }
    encoded[22] = encoded[23] = '=';
    std::array<unsigned char, 18> decoded{};
    EVP_DecodeBlock(decoded.data(), reinterpret_cast<const unsigned char*>(encoded.data()), 24);
    salt salted{};
    std::copy_n(decoded.begin(), salted.size(), salted.begin());
    const std::string made = hash_with(text, salted, by);
    return made.size() == kept.size() && CRYPTO_memcmp(made.data(), kept.data(), made.size()) == 0;
}

}  // namespace password
