// SPDX-License-Identifier: MIT
// The way into a response for fields that the framework makes itself: known to be well-formed, they
// go in unchecked and several at a time.
#pragma once

#include <cloakroom/response.hpp>

#include <initializer_list>
#include <string_view>

namespace cloakroom {

class own_fields {
public:
    explicit own_fields(response& to) noexcept : to_(&to) {}

    [[nodiscard]] bool has(std::string_view name) const noexcept {
        return to_->header(name).has_value();
    }

    /// REQUIRES: the pieces make up whole field lines, each with its CR LF, and are no views of the
    /// response.
    void append(std::initializer_list<std::string_view> pieces) { to_->append(pieces); }

private:
    response* to_;
};

}  // namespace cloakroom
