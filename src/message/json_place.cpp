// SPDX-License-Identifier: MIT
#include <cloakroom/json_place.hpp>

namespace cloakroom {
namespace {

/// How much of a name the client is told.
constexpr std::size_t max_name_bytes = 64;

}  // namespace

std::string json_place::text() const {
    if (outer_ == nullptr) {
        return {};
    }
    std::string text = outer_->text();
    text += text.empty() ? "" : ".";
    if (name_.data() == nullptr) {
        text += std::to_string(index_);
    } else {
        text += name_.substr(0, max_name_bytes);
    }
    return text;
}

}  // namespace cloakroom
