// SPDX-License-Identifier: MIT
// The picture of a machine's types: `diagram<checkout>().mermaid()`.
#pragma once

#include <cloakroom/machine_diagram.hpp>
#include <cloakroom/transition_table.hpp>

namespace cloakroom {

[[nodiscard]] machine_diagram diagram_of(const machine_table& table);

/// The states, events and timeouts of a machine, as a picture. What is written `refused` alone is
/// no arrow.
template <state_machine Machine>
[[nodiscard]] machine_diagram diagram() {
    static_assert(table_of<Machine>::check());
    return diagram_of(table_of<Machine>::table());
}

}  // namespace cloakroom
