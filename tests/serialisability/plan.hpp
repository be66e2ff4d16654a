// SPDX-License-Identifier: MIT
// What a transaction of the workload does, as the request says it; and what it saw, as the answer
// says it. Both sides of the wire use it, in one process or in several.
#pragma once

#include "history.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::serialisability {

/// What a transaction does with one key: it reads it, and then perhaps writes it.
struct step {
    key_number key = 0;
    version made = as_begun;  ///< as_begun: it only reads.
    bool erases = false;      ///< The version is that of an erasure.
};

/// What a transaction does.
struct plan {
    std::vector<step> steps;
    bool ends = false;             ///< Ends the session after the reads.
    bool fails = false;            ///< Fails with 422 after the writes.
    std::uint32_t renamed_to = 0;  ///< Unless 0: gives the session a new token, and that mark.
    std::uint32_t owner = 0;  ///< Whose it becomes when it is renamed; else whose sessions all end.

    /// As a segment of a path, such as "1,2:57,3~58,end": read key 1; read key 2, write 57; read
    /// key 3, erase it as version 58; end the session. Or at the end "fail"; "as9", renew it as
    /// session 9; "as9by2", which owner 2 has logged in to; "all2", end the sessions of owner 2.
    [[nodiscard]] std::string text() const;
    /// @throws std::invalid_argument when it is no such text.
    [[nodiscard]] static plan parse(std::string_view text);
};

/// What a transaction saw.
struct observation {
    std::uint32_t born = 0;     ///< The session's mark: its number; 0 if there is none.
    std::vector<version> seen;  ///< For each step.

    /// As a body, such as "3 57 0".
    [[nodiscard]] std::string text() const;
    /// @throws std::invalid_argument when it is no such text.
    [[nodiscard]] static observation parse(std::string_view text);
};

}  // namespace cloakroom::serialisability
