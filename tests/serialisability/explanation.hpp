// SPDX-License-Identifier: MIT
// Puts anomalies into words: what the transactions of a circle did, and why each of them must have
// come before the next one.
#pragma once

#include "checker.hpp"
#include "dependency_graph.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace cloakroom::serialisability {

/// Explains the circles of one session's graph. What it is made of must outlive it.
class explanation {
public:
    /// @param nodes   The position in the history of each node but the last.
    /// @param ending  When the session ended: the node after those.
    explanation(const history& transactions, std::span<const std::uint32_t> nodes, time_span ending)
        : transactions_(&transactions), nodes_(nodes), ending_(ending) {}

    /// What such a circle is called.
    [[nodiscard]] anomaly_kind kind_of(const cycle& circle) const;

    /// A line for each edge, and one for each transaction.
    [[nodiscard]] std::string text_of(const cycle& circle) const;

private:
    [[nodiscard]] std::string name(std::uint32_t node) const;
    [[nodiscard]] std::string sentence(const edge& one) const;
    [[nodiscard]] time_span span_of(std::uint32_t node) const;

    const history* transactions_;
    std::span<const std::uint32_t> nodes_;
    time_span ending_;
};

/// One line on what a transaction did, such as "#3: client 1, ticks 5 to 9, committed: key 1: 7,
/// key 2: 4 -> 9".
[[nodiscard]] std::string line_of(const history& transactions, std::size_t position);

}  // namespace cloakroom::serialisability
