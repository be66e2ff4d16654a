// SPDX-License-Identifier: MIT
// What the client holds of a session: the value of its cookie.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom {

/// The value of a session cookie. A store with ids on the server side keeps only digest() of it, so
/// that a copy of the store opens no session.
///
/// Not thread-safe: digest() remembers its result.
class session_token {
public:
    using digest_type = std::array<unsigned char, 32>;

    session_token() = default;
    explicit session_token(std::string text) : text_(std::move(text)) {}

    /// A new unguessable token: 256 bits from the operating system as 43 base64url characters.
    ///
    /// @throws std::system_error when the operating system gives no random bytes.
    [[nodiscard]] static session_token random();

    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

    /// Takes another text, and forgets the digest of the old one.
    void assign(std::string_view text) {
        text_.assign(text);
        digest_.reset();
    }

    void clear() noexcept {
        text_.clear();
        digest_.reset();
    }

    /// SHA-256 of the text, computed once.
    [[nodiscard]] const digest_type& digest() const;

private:
    std::string text_;
    mutable std::optional<digest_type> digest_;
};

}  // namespace cloakroom
