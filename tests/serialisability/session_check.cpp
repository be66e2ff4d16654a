// SPDX-License-Identifier: MIT
#include "session_check.hpp"

#include "explanation.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cloakroom::serialisability {

session_check::session_check(const history& transactions, std::span<const std::uint32_t> members)
    : transactions_(&transactions), members_(members), order_(transactions, members) {}

std::vector<anomaly> session_check::run() {
    for (const std::uint32_t position : members_) {
        if (at(position).outcome == outcome::committed) {
            take(position);
        }
    }
    order_.place_unknown();
    find_ending();
    for (const std::uint32_t position : members_) {
        const transaction& one = at(position);
        const bool counts = one.outcome == outcome::committed ? one.saw != sighting::foreign
                                                              : order_.has_happened(position);
        if (counts) {
            nodes_.push_back(position);
        }
    }
    build_graph();
    return std::move(found_);
}

void session_check::take(std::uint32_t position) {
    switch (at(position).saw) {
        case sighting::alive:
        case sighting::none:
            take_reads(position);
            return;
        case sighting::gone:
            look_for_contents(position);
            return;
        case sighting::foreign:
            report(anomaly_kind::foreign_session, {position},
                   "The token of this session led to another one.\n");
            return;
    }
}

void session_check::take_reads(std::uint32_t position) {
    for (const access& each : at(position).accesses) {
        const bool has_replaced = each.made != as_begun && !at(position).ends;
        std::uint32_t seen = nobody;
        switch (order_.read(position, each, seen)) {
            case read_result::garbage:
                report(anomaly_kind::garbage_read, {position},
                       "Nobody wrote version " + std::to_string(each.seen) + " of key " +
                           std::to_string(each.key) + " before.\n");
                continue;
            case read_result::aborted:
                report(anomaly_kind::aborted_read, {order_.versions()[seen].writer, position},
                       "The second read version " + std::to_string(each.seen) + " of key " +
                           std::to_string(each.key) + ", which the first one did not commit.\n");
                continue;
            case read_result::valid:
                break;
        }
        looks_.push_back({position, seen, has_replaced});
        if (!has_replaced) {
            continue;
        }
        const std::uint32_t other = order_.replace(seen, each);
        if (other != nobody) {
            report(anomaly_kind::lost_update, {other, position},
                   "Both replaced version " + std::to_string(each.seen) + " of key " +
                       std::to_string(each.key) + ".\n");
        }
    }
}

// On a fresh session there is nothing to see.
void session_check::look_for_contents(std::uint32_t position) {
    for (const access& each : at(position).accesses) {
        if (each.seen != as_begun) {
            report(anomaly_kind::fractured_read, {position},
                   "It found the session gone, but version " + std::to_string(each.seen) +
                       " of key " + std::to_string(each.key) + " there.\n");
        }
    }
}

void session_check::find_ending() {
    std::vector<std::uint32_t> orphans;
    for (const std::uint32_t position : members_) {
        const transaction& one = at(position);
        const bool is_committed = one.outcome == outcome::committed;
        if (is_committed && one.saw == sighting::gone) {
            orphans.push_back(position);
        } else if (one.ends && one.outcome != outcome::refused && one.saw != sighting::foreign) {
            ending_.is_possible = true;
            ending_.is_certain |= is_committed;
            ending_.when.begin = std::min(ending_.when.begin, one.begin);
            ending_.when.end = std::min(ending_.when.end, is_committed ? one.end : never);
        }
    }
    ending_.is_certain |= ending_.is_possible && !orphans.empty();
    if (ending_.is_possible) {
        return;
    }
    for (const std::uint32_t position : orphans) {
        report(anomaly_kind::lost_session, {position},
               "It found the session gone, which nobody had ended.\n");
    }
}

void session_check::build_graph() {
    std::vector<time_span> spans;
    spans.reserve(nodes_.size() + 1);
    for (const std::uint32_t position : nodes_) {
        spans.push_back({at(position).begin, at(position).end});
    }
    // Also without an end there is a node for it: one that begins and ends never.
    spans.push_back(ending_.is_certain ? ending_.when : time_span{never, never});
    dependency_graph graph(std::move(spans));
    add_demands_of_versions(graph);
    if (ending_.is_certain) {
        add_demands_of_end(graph);
    }
    for (const cycle& each : graph.cycles()) {
        report(each);
    }
}

void session_check::add_demands_of_versions(dependency_graph& graph) const {
    const std::vector<key_version>& versions = order_.versions();
    for (const look& each : looks_) {
        const std::uint32_t reader = node_of(each.reader);
        const key_version& seen = versions[each.seen];
        if (seen.writer != nobody) {
            graph.add({.from = node_of(seen.writer),
                       .to = reader,
                       .key = seen.key,
                       .why = each.has_replaced ? reason::replaced : reason::read});
        }
        if (seen.next != nobody) {
            graph.add({.from = reader,
                       .to = node_of(versions[seen.next].writer),
                       .key = seen.key,
                       .why = reason::missed});
        }
    }
    for (const key_version& each : versions) {  // who replaced without our knowing what it read
        if (each.writer == nobody || each.next == nobody) {
            continue;
        }
        const std::uint32_t next = versions[each.next].writer;
        if (at(next).outcome == outcome::unknown) {
            graph.add({.from = node_of(each.writer),
                       .to = node_of(next),
                       .key = each.key,
                       .why = reason::replaced});
        }
    }
}

void session_check::add_demands_of_end(dependency_graph& graph) const {
    const auto end = static_cast<std::uint32_t>(nodes_.size());
    for (std::uint32_t node = 0; node < end; ++node) {
        const transaction& one = at(nodes_[node]);
        if (one.outcome == outcome::unknown || one.saw == sighting::alive) {
            graph.add({.from = node, .to = end, .why = reason::found_alive});
        } else if (one.saw == sighting::gone) {
            graph.add({.from = end, .to = node, .why = reason::found_gone});
        }
    }
}

// The positions are in order, as those of the members are.
std::uint32_t session_check::node_of(std::uint32_t position) const {
    const auto at = std::lower_bound(nodes_.begin(), nodes_.end(), position);
    return static_cast<std::uint32_t>(at - nodes_.begin());
}

void session_check::report(anomaly_kind kind, std::vector<std::size_t> who, std::string_view text) {
    std::string explanation{text};
    for (const std::size_t position : who) {
        explanation += "  " + line_of(*transactions_, position);
    }
    found_.push_back({kind, at(members_.front()).session, std::move(who), std::move(explanation)});
}

void session_check::report(const cycle& circle) {
    const explanation explains(*transactions_, nodes_, ending_.when);
    std::vector<std::size_t> who;
    for (const edge& each : circle) {
        if (each.from < nodes_.size()) {
            who.push_back(nodes_[each.from]);
        }
    }
    found_.push_back({explains.kind_of(circle), at(members_.front()).session, std::move(who),
                      explains.text_of(circle)});
}

}  // namespace cloakroom::serialisability
