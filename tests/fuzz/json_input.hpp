// SPDX-License-Identifier: MIT
// An input as nlohmann_json reads it.
#pragma once

#include <cloakroom/json.hpp>

#include <string_view>

namespace cloakroom::fuzz {

/// The tree, where there is one.
struct json_input {
    explicit json_input(std::string_view text) {
        try {
            tree = parse_json(text);
            is_json = true;
        } catch (const http_error& error) {
            has_huge_number = error.content().detail.find("number overflow") != std::string::npos;
        }
    }

    json tree;
    bool is_json = false;
    /// One that no double holds: nlohmann_json cannot read the text, though RFC 8259 has it. A cursor
    /// can, and says of the number that it is out of range.
    bool has_huge_number = false;
};

}  // namespace cloakroom::fuzz
