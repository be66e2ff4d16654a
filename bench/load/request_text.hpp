// SPDX-License-Identifier: MIT
// The bytes of a request that is sent again and again, with the cookies of the moment.
#pragma once

#include "url.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::load {

/// What requests say beside their URL.
struct message {
    std::vector<std::string> fields;  ///< "NAME: VALUE"
    std::string content;              ///< Posted; a GET when there is none.
    std::string content_type = "application/json";
    bool is_post = false;
};

/// Immutable, so threads may share it.
class request_text {
public:
    /// A Host or a Content-Type among the fields takes the place of ours.
    ///
    /// @throws std::invalid_argument when a field is no "NAME: VALUE", has a control character, or
    /// decides on the framing, which is ours: Content-Length, Transfer-Encoding.
    request_text(const url& where, const message& what);

    /// @param cookies  The value of the field Cookie; no field when it is empty.
    [[nodiscard]] std::string with(std::string_view cookies) const;

private:
    std::string head_;  // without the blank line
    std::string content_;
};

}  // namespace cloakroom::load
