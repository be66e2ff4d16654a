// SPDX-License-Identifier: MIT
#include "machine/diagram_arrows.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace cloakroom::diagrams {
namespace {

/// The states that an event may lead to from a state.
using targets = std::map<std::pair<std::string_view, std::string_view>, std::set<std::string_view>>;

targets targets_of(const machine_diagram& diagram) {
    targets all;
    for (const diagram_transition& each : diagram.transitions()) {
        all[{each.from, each.event}].insert(each.to);
    }
    return all;
}

arrow_line line_of(const diagram_transition& transition, bool is_choice) {
    arrow_line line{transition.event, {}};
    if (transition.after.count() != 0) {
        line.note = " after " + duration_text(transition.after);
    }
    if (is_choice) {
        line.note += " [choice]";
    } else if (transition.is_conditional) {
        line.note += " [guard]";
    }
    return line;
}

}  // namespace

std::vector<arrow> arrows_of(const machine_diagram& diagram) {
    std::map<std::string_view, std::size_t> indices;
    for (std::size_t index = 0; index < diagram.states().size(); ++index) {
        indices.emplace(diagram.states()[index].name, index);
    }
    const targets all_targets = targets_of(diagram);
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> places;
    std::vector<arrow> arrows;
    for (const diagram_transition& each : diagram.transitions()) {
        const std::pair ends{indices.at(each.from), indices.at(each.to)};
        const auto [place, is_new] = places.emplace(ends, arrows.size());
        if (is_new) {
            arrows.push_back({ends.first, ends.second, {}, true});
        }
        arrow& merged = arrows[place->second];
        const bool is_choice = all_targets.at({each.from, each.event}).size() > 1;
        arrow_line line = line_of(each, is_choice);
        merged.is_conditional = merged.is_conditional && (each.is_conditional || is_choice);
        if (std::find(merged.lines.begin(), merged.lines.end(), line) == merged.lines.end()) {
            merged.lines.push_back(std::move(line));
        }
    }
    return arrows;
}

std::size_t state_index(const machine_diagram& diagram, std::string_view name) {
    const auto& states = diagram.states();
    const auto found =
        std::find_if(states.begin(), states.end(),
                     [name](const diagram_state& state) { return state.name == name; });
    return static_cast<std::size_t>(found - states.begin());
}

std::string duration_text(std::chrono::seconds duration) {
    static constexpr std::pair<std::chrono::seconds::rep, std::string_view> units[] = {
        {86400, " d"}, {3600, " h"}, {60, " min"}, {1, " s"}};
    std::chrono::seconds::rep rest = duration.count();
    std::string text;
    for (const auto& [seconds, unit] : units) {
        if (rest >= seconds) {
            text += text.empty() ? "" : " ";
            text += std::to_string(rest / seconds);
            text += unit;
            rest %= seconds;
        }
    }
    return text;
}

}  // namespace cloakroom::diagrams
