// SPDX-License-Identifier: MIT
#include "explanation.hpp"

#include <algorithm>
#include <string_view>

namespace cloakroom::serialisability {
namespace {

std::string tick_text(tick when) {
    return when == never ? "never" : std::to_string(when);
}

std::string_view to_string(outcome value) {
    switch (value) {
        case outcome::committed:
            return "committed";
        case outcome::refused:
            return "refused";
        case outcome::unknown:
            return "outcome unknown";
    }
    return {};
}

std::string_view to_string(sighting value) {
    switch (value) {
        case sighting::alive:
            return "";
        case sighting::gone:
            return ", found the session gone";
        case sighting::foreign:
            return ", found another session";
        case sighting::none:
            return ", did not see whether the session was alive";
    }
    return {};
}

access access_of(const transaction& one, key_number key) {
    const auto at = std::find_if(one.accesses.begin(), one.accesses.end(),
                                 [key](const access& each) { return each.key == key; });
    return at == one.accesses.end() ? access{} : *at;
}

std::size_t count(const cycle& circle, reason why) {
    return static_cast<std::size_t>(std::count_if(
        circle.begin(), circle.end(), [why](const edge& each) { return each.why == why; }));
}

}  // namespace

std::string line_of(const history& transactions, std::size_t position) {
    const transaction& one = transactions[position];
    std::string line = "#" + std::to_string(position) + ": client " + std::to_string(one.client) +
                       ", ticks " + std::to_string(one.begin) + " to " + tick_text(one.end) + ", ";
    line += to_string(one.outcome);
    line += to_string(one.saw);
    char separator = ':';
    for (const access& each : one.accesses) {
        line += separator;
        line += " key " + std::to_string(each.key) + ": ";
        line += one.outcome == outcome::committed ? std::to_string(each.seen) : "?";
        if (each.made != as_begun) {
            line += " -> " + std::to_string(each.made);
        }
        separator = ',';
    }
    return line + (one.ends ? "; ended the session\n" : "\n");
}

std::string explanation::name(std::uint32_t node) const {
    return node < nodes_.size() ? "#" + std::to_string(nodes_[node]) : "the end of the session";
}

time_span explanation::span_of(std::uint32_t node) const {
    if (node >= nodes_.size()) {
        return ending_;
    }
    const transaction& one = (*transactions_)[nodes_[node]];
    return {one.begin, one.end};
}

std::string explanation::sentence(const edge& one) const {
    const std::string from = name(one.from);
    const std::string to = name(one.to);
    const auto version_text = [&](bool is_made) {
        const access what = access_of((*transactions_)[nodes_[one.from]], one.key);
        return "version " + std::to_string(is_made ? what.made : what.seen) + " of key " +
               std::to_string(one.key);
    };
    std::string text = from + " came before " + to;
    switch (one.why) {
        case reason::read:
            return text + ", which read the " + version_text(true) + " that " + from + " wrote";
        case reason::replaced:
            return text + ", which replaced the " + version_text(true) + " that " + from + " wrote";
        case reason::missed:
            return text + ", which replaced the " + version_text(false) + " that " + from + " read";
        case reason::answered:
            return text + ": answered at tick " + tick_text(span_of(one.from).end) +
                   ", before tick " + tick_text(span_of(one.to).begin);
        case reason::found_alive:
            return text + ", for it found the session alive";
        case reason::found_gone:
            return text + ", which found the session gone";
        case reason::clock:
            break;
    }
    return text;
}

std::string explanation::text_of(const cycle& circle) const {
    std::string text = "These contradict each other:\n";
    for (const edge& each : circle) {
        text += "  " + sentence(each) + ".\n";
    }
    text += "The transactions:\n";
    for (const edge& each : circle) {
        if (each.from < nodes_.size()) {
            text += "  " + line_of(*transactions_, nodes_[each.from]);
        }
    }
    return text;
}

anomaly_kind explanation::kind_of(const cycle& circle) const {
    if (count(circle, reason::found_alive) != 0) {
        return anomaly_kind::revival;
    }
    if (count(circle, reason::found_gone) != 0) {
        return anomaly_kind::lost_session;
    }
    const std::size_t missed = count(circle, reason::missed);
    if (missed == 0) {
        return anomaly_kind::circular_order;
    }
    if (count(circle, reason::answered) != 0) {
        return anomaly_kind::stale_read;
    }
    return missed == 1 ? anomaly_kind::fractured_read : anomaly_kind::write_skew;
}

}  // namespace cloakroom::serialisability
