// SPDX-License-Identifier: MIT
// The secrets of a store in the cookie, checked: the active one first, then older ones.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace cloakroom {

/// At least one secret; none empty, no two equal.
class cookie_secrets {
public:
    /// @param store  Names the store in errors.
    /// @throws setup_error when a secret is empty or there twice.
    cookie_secrets(std::string store, std::string active, std::vector<std::string> old);

    /// @throws setup_error for a secret that is short enough to be guessed.
    void require_length() const;

    [[nodiscard]] const std::string& store() const noexcept { return store_; }
    [[nodiscard]] std::span<const std::string> all() const noexcept { return secrets_; }

private:
    std::string store_;
    std::vector<std::string> secrets_;
};

}  // namespace cloakroom
