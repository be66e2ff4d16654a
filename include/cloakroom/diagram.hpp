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
    if constexpr (!table_of<Machine>::fits()) {
        table_of<Machine>::explain();
    }
    return diagram_of(table_of<Machine>::table());
}

}  // namespace cloakroom
