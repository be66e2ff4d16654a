// SPDX-License-Identifier: MIT
// A state machine as a picture: Mermaid for a README, Graphviz for print, SVG for a page. It knows
// names and arrows; what the machine does is not here.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {

/// A state in a picture.
struct diagram_state {
    std::string name;
    bool is_final = false;  ///< Nothing leads out of it: UML's bull's-eye follows.
};

/// An event that leads from a state to a state, maybe the same.
struct diagram_transition {
    std::string from;
    std::string event;
    std::string to;
    /// A guard may refuse the event, or it leads to one of several states.
    bool is_conditional = false;
    /// Not zero: the event happens by itself after so long in `from`.
    std::chrono::seconds after{};
};

/// A picture of a state machine, in three formats. A value; const functions are thread-safe.
///
/// All transitions between the same two states in one direction are one arrow, with a line of text
/// for each. A conditional one is marked "[guard]", or "[choice]" where its event leads to several
/// states, and an arrow of such alone is dashed; a timeout reads "expire after 15 min". Names may be
/// any text: each format has its own escapes, and bytes that are not UTF-8, control characters too,
/// are shown as U+FFFD. The same machine gives the same bytes.
class machine_diagram {
public:
    static constexpr std::size_t max_states = 128;
    static constexpr std::size_t max_transitions = 512;
    static constexpr std::size_t max_name_bytes = 256;  ///< Of the machine, a state, an event.

    /// @param name    The machine's, such as "checkout".
    /// @param states  The first is where it begins.
    /// @throws setup_error for no states, an empty or a repeated name, a transition from or to a
    ///         state that is not there, a negative time, and beyond the limits above.
    machine_diagram(std::string name, std::vector<diagram_state> states,
                    std::vector<diagram_transition> transitions);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const std::vector<diagram_state>& states() const noexcept { return states_; }
    [[nodiscard]] const std::vector<diagram_transition>& transitions() const noexcept {
        return transitions_;
    }

    // In each format the state `current` is lit; none is when no state has that name.

    /// A stateDiagram-v2. GitHub draws it in a code block marked "mermaid".
    /// Source: https://mermaid.js.org/syntax/stateDiagram.html
    [[nodiscard]] std::string mermaid(std::string_view current = {}) const;

    /// A digraph for `dot -Tsvg`, `dot -Tpdf`.
    /// Source: https://graphviz.org/doc/info/lang.html
    [[nodiscard]] std::string graphviz(std::string_view current = {}) const;

    /// One <svg> element, drawn here: no Graphviz and no script runs. It can stand in an HTML page,
    /// several times and beside others, or be a file of its own ("image/svg+xml"). In a page it has
    /// the colour of the text around it, alone it follows the reader's light or dark mode. Its
    /// <title> names the current state, its <desc> each transition, for those who cannot see it.
    ///
    /// A page whose Content-Security-Policy has no `style-src 'unsafe-inline'` shows it at its full
    /// width always, and a browser notes that it left out the style.
    ///
    /// Machines of up to 20 states are readable; 64 take some tens of milliseconds.
    [[nodiscard]] std::string svg(std::string_view current = {}) const;

private:
    std::string name_;
    std::vector<diagram_state> states_;
    std::vector<diagram_transition> transitions_;
};

}  // namespace cloakroom
