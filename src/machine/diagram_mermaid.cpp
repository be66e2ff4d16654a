// SPDX-License-Identifier: MIT
#include "machine/diagram_arrows.hpp"
#include "machine/diagram_text.hpp"
#include <cloakroom/machine_diagram.hpp>
#include <cloakroom/text.hpp>

#include <algorithm>
#include <array>

namespace cloakroom {
namespace {

using diagrams::arrow;

/// What no state can be called in Mermaid: words of its grammar, which has no letter case, names
/// that its program uses, and those that any object of JavaScript has.
constexpr std::array reserved_words = {
    "as",           "class",          "classDef",      "click",
    "default",      "direction",      "end",           "hide",
    "href",         "note",           "scale",         "state",
    "stateDiagram", "style",          "accDescr",      "accTitle",
    "root",         "root_start",     "root_end",      "divider",
    "constructor",  "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable",
    "prototype",    "toLocaleString", "toString",      "valueOf"};

bool is_plain_id(std::string_view name) {
    return diagrams::is_identifier(name) && name.substr(0, 2) != "__" &&
           std::none_of(reserved_words.begin(), reserved_words.end(),
                        [name](const char* word) { return equals_ignoring_case(name, word); });
}

/// Each state's own name where Mermaid takes it, else one that no state has.
std::vector<std::string> ids_of(const machine_diagram& diagram) {
    std::vector<std::string> ids;
    for (const diagram_state& state : diagram.states()) {
        std::string id = state.name;
        if (!is_plain_id(id)) {
            const bool is_word = diagrams::is_identifier(id) && id.front() != '_';
            id = is_word ? id : "state_" + std::to_string(ids.size());
            do {
                id += '_';
            } while (diagrams::state_index(diagram, id) != diagram.states().size() ||
                     std::find(ids.begin(), ids.end(), id) != ids.end());
        }
        ids.push_back(std::move(id));
    }
    return ids;
}

/// Appends a text. What may mean something is written as its number, in Mermaid's way: "#35;" is
/// a "#". An underscore does at both ends, where it would be emphasis.
void append_escaped(std::string& out, std::string_view text) {
    const std::u32string characters = diagrams::characters_of(text);
    for (std::size_t index = 0; index < characters.size(); ++index) {
        const char32_t character = characters[index];
        const bool is_end = index == 0 || index + 1 == characters.size();
        const char narrow = character < 0x80 ? static_cast<char>(character) : '?';
        const bool is_kept = character >= 0x80 || diagrams::is_identifier({&narrow, 1}) ||
                             (narrow >= '0' && narrow <= '9');
        if (is_kept && !(is_end && narrow == '_')) {
            diagrams::append_utf8(out, character);
        } else {
            out += '#' + std::to_string(static_cast<unsigned long>(character)) + ';';
        }
    }
}

void append_arrow(std::string& out, const std::vector<std::string>& ids, const arrow& each) {
    out += "    " + ids[each.from] + " --> " + ids[each.to] + " : ";
    std::string_view separator;
    for (const diagrams::arrow_line& line : each.lines) {
        out += separator;
        append_escaped(out, line.event);
        out += line.note;
        separator = "<br/>";
    }
    out += '\n';
}

/// Whether an arrow or a dot has it, which also tells Mermaid that it is there.
bool is_mentioned(const machine_diagram& diagram, std::size_t state,
                  const std::vector<arrow>& arrows) {
    return state == 0 || diagram.states()[state].is_final ||
           std::any_of(arrows.begin(), arrows.end(), [state](const arrow& each) {
               return each.from == state || each.to == state;
           });
}

void append_states(std::string& out, const machine_diagram& diagram,
                   const std::vector<std::string>& ids, const std::vector<arrow>& arrows) {
    for (std::size_t index = 0; index < ids.size(); ++index) {
        const std::string& name = diagram.states()[index].name;
        if (ids[index] != name || name.front() == '_' || name.back() == '_') {
            out += "    state \"";
            append_escaped(out, name);
            out += "\" as " + ids[index] + '\n';
        } else if (!is_mentioned(diagram, index, arrows)) {
            out += "    " + ids[index] + '\n';
        }
    }
}

}  // namespace

std::string machine_diagram::mermaid(std::string_view current) const {
    const std::vector<std::string> ids = ids_of(*this);
    const std::vector<arrow> arrows = diagrams::arrows_of(*this);
    std::string out = "stateDiagram-v2\n    accTitle: ";
    append_escaped(out, name_);
    out += '\n';
    append_states(out, *this, ids, arrows);
    out += "    [*] --> " + ids[0] + '\n';
    for (const arrow& each : arrows) {
        append_arrow(out, ids, each);
    }
    for (std::size_t index = 0; index < ids.size(); ++index) {
        if (states_[index].is_final) {
            out += "    " + ids[index] + " --> [*]\n";
        }
    }
    const std::size_t lit = diagrams::state_index(*this, current);
    if (lit < ids.size()) {
        out +=
            "    classDef current fill:#dbeafe,stroke:#1d4ed8,stroke-width:3px,color:#172554\n"
            "    class " +
            ids[lit] + " current\n";
    }
    return out;
}

}  // namespace cloakroom
