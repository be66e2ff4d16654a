// SPDX-License-Identifier: MIT
#include "session/cookie_secrets.hpp"

#include <cloakroom/setup_error.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace cloakroom {
namespace {

constexpr std::size_t least_characters = 32;

}  // namespace

cookie_secrets::cookie_secrets(std::string store, std::string active, std::vector<std::string> old)
    : store_(std::move(store)), secrets_(std::move(old)) {
    secrets_.insert(secrets_.begin(), std::move(active));
    for (auto each = secrets_.begin(); each != secrets_.end(); ++each) {
        if (each->empty()) {
            throw setup_error(store_ +
                              ": a secret is empty; give one, for example what "
                              "`openssl rand -base64 32` prints");
        }
        if (std::find(secrets_.begin(), each, *each) != each) {
            throw setup_error(store_ + ": two secrets are equal; remove one of them");
        }
    }
}

void cookie_secrets::require_length() const {
    for (const std::string& secret : secrets_) {
        if (secret.size() < least_characters) {
            throw setup_error(
                store_ + ": a secret of " + std::to_string(secret.size()) +
                " characters can be guessed; give at least 32 random ones, for example what "
                "`openssl rand -base64 32` prints");
        }
    }
}

}  // namespace cloakroom
