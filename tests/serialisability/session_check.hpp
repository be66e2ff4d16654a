// SPDX-License-Identifier: MIT
// Checks the transactions of one session: builds their dependency graph, names what is wrong.
#pragma once

#include "checker.hpp"
#include "dependency_graph.hpp"
#include "version_order.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::serialisability {

/// The check of one session. The history must outlive it.
class session_check {
public:
    /// @param members  The positions of the session's transactions in the history.
    session_check(const history& transactions, std::span<const std::uint32_t> members);

    [[nodiscard]] std::vector<anomaly> run();

private:
    // What a transaction saw of one version.
    struct look {
        std::uint32_t reader;
        std::uint32_t seen;  // index in order_
        bool has_replaced;
    };
    // When the session can have ended: after somebody began to end it, and before anybody was told
    // that it had ended.
    struct ending {
        time_span when{never, never};
        bool is_possible = false;
        bool is_certain = false;
    };

    void take(std::uint32_t position);
    void take_reads(std::uint32_t position);
    void look_for_contents(std::uint32_t position);
    void find_ending();
    void build_graph();
    void add_demands_of_versions(dependency_graph& graph) const;
    void add_demands_of_end(dependency_graph& graph) const;
    void report(anomaly_kind kind, std::vector<std::size_t> who, std::string_view text);
    void report(const cycle& circle);

    [[nodiscard]] const transaction& at(std::uint32_t position) const {
        return (*transactions_)[position];
    }
    [[nodiscard]] std::uint32_t node_of(std::uint32_t position) const;

    const history* transactions_;
    std::span<const std::uint32_t> members_;
    version_order order_;
    std::vector<look> looks_;
    ending ending_;
    std::vector<std::uint32_t> nodes_;  // the positions of those in the graph
    std::vector<anomaly> found_;
};

}  // namespace cloakroom::serialisability
