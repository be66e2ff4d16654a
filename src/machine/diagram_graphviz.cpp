// SPDX-License-Identifier: MIT
#include "machine/diagram_arrows.hpp"
#include "machine/diagram_text.hpp"
#include <cloakroom/machine_diagram.hpp>

namespace cloakroom {
namespace {

using diagrams::arrow;

constexpr std::string_view settings =
    "    graph [rankdir=TB, nodesep=0.5, ranksep=0.5, fontname=\"Helvetica\"]\n"
    "    node [shape=box, style=\"rounded,filled\", fillcolor=\"#f6f8fa\", color=\"#57606a\", "
    "fontname=\"Helvetica\", fontsize=12, margin=\"0.2,0.1\"]\n"
    "    edge [color=\"#57606a\", fontname=\"Helvetica\", fontsize=10, arrowsize=0.7]\n";

/// Appends a name for use as an id between quotes. All control characters are gone, so only the
/// quote ends it, and the backslash has a meaning.
void append_characters(std::string& out, std::string_view text) {
    for (const char32_t character : diagrams::characters_of(text)) {
        if (character == U'"' || character == U'\\') {
            out += '\\';
        }
        diagrams::append_utf8(out, character);
    }
}

/// Appends a text to be shown, in which Graphviz also looks for HTML's character references.
void append_shown(std::string& out, std::string_view text) {
    for (const char32_t character : diagrams::characters_of(text)) {
        if (character == U'&') {
            out += "&amp;";
            continue;
        }
        if (character == U'"' || character == U'\\') {
            out += '\\';
        }
        diagrams::append_utf8(out, character);
    }
}

/// A quoted id for a node that is no state.
std::string dot_id(const machine_diagram& diagram, std::string name) {
    while (diagrams::state_index(diagram, name) != diagram.states().size()) {
        name += '\'';
    }
    std::string id = "\"";
    append_characters(id, name);
    return id + '"';
}

std::string state_id(const diagram_state& state) {
    std::string id = "\"";
    append_characters(id, state.name);
    return id + '"';
}

void append_state(std::string& out, const diagram_state& state, bool is_current) {
    out += "    " + state_id(state) + " [label=\"";
    append_shown(out, state.name);
    out += '"';
    if (is_current) {
        out += R"(, fillcolor="#dbeafe", color="#1d4ed8", penwidth=3, tooltip="current state")";
    }
    out += "]\n";
}

void append_arrow(std::string& out, const machine_diagram& diagram, const arrow& each) {
    out += "    " + state_id(diagram.states()[each.from]) + " -> " +
           state_id(diagram.states()[each.to]) + " [label=\"";
    for (const diagrams::arrow_line& line : each.lines) {
        out += ' ';  // off the arrow
        append_shown(out, line.event);
        out += line.note + "\\l";  // which puts the line to the left
    }
    out += each.is_conditional ? "\", style=dashed]\n" : "\"]\n";
}

}  // namespace

std::string machine_diagram::graphviz(std::string_view current) const {
    std::string out = "digraph \"";
    append_characters(out, name_);
    out += "\" {\n";
    out += settings;
    const std::string initial = dot_id(*this, "[*]");
    out += "    " + initial +
           R"( [shape=circle, label="", width=0.15, fillcolor="#24292f", tooltip="begins"])"
           "\n";
    for (const diagram_state& each : states_) {
        append_state(out, each, each.name == current);
    }
    out += "    " + initial + " -> " + state_id(states_[0]) + '\n';
    for (const arrow& each : diagrams::arrows_of(*this)) {
        append_arrow(out, *this, each);
    }
    for (const diagram_state& each : states_) {
        if (each.is_final) {
            const std::string end = dot_id(*this, each.name + " [*]");
            out +=
                "    " + end +
                R"( [shape=doublecircle, label="", width=0.12, fillcolor="#24292f", tooltip="ends"])"
                "\n";
            out += "    " + state_id(each) + " -> ";
            out += end + '\n';
        }
    }
    return out + "}\n";
}

}  // namespace cloakroom
