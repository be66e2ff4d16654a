// SPDX-License-Identifier: MIT
// The names and indices that lead to a value within JSON, for messages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cloakroom {

/// Where in a JSON text a value stands. Costs nothing until text() is asked for.
class json_place {
public:
    json_place() = default;
    json_place(const json_place& outer, std::string_view name) : outer_(&outer), name_(name) {}
    json_place(const json_place& outer, std::size_t index) : outer_(&outer), index_(index) {}

    /// For example "items.3.count"; empty for the whole. Names are cut after 64 bytes.
    [[nodiscard]] std::string text() const;

private:
    const json_place* outer_ = nullptr;
    std::string_view name_;
    std::size_t index_ = 0;
};

}  // namespace cloakroom
