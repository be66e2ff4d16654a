// SPDX-License-Identifier: MIT
#include "checker.hpp"

#include "session_check.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <span>
#include <stdexcept>

namespace cloakroom::serialisability {
namespace {

constexpr std::size_t most_anomalies = 100;
constexpr std::size_t explained_anomalies = 5;

void count(const history& transactions, verdict& into) {
    for (std::size_t position = 0; position < transactions.size(); ++position) {
        const transaction& each = transactions[position];
        if (each.begin > each.end) {
            throw std::invalid_argument("transaction " + std::to_string(position) +
                                        " ended before it began");
        }
        into.committed += each.outcome == outcome::committed ? 1U : 0U;
        into.refused += each.outcome == outcome::refused ? 1U : 0U;
        into.unknown += each.outcome == outcome::unknown ? 1U : 0U;
    }
}

void check_session(const history& transactions, std::span<const std::uint32_t> members,
                   verdict& into) {
    std::vector<anomaly> found = session_check(transactions, members).run();
    const std::size_t kept = std::min(found.size(), most_anomalies - into.anomalies.size());
    ++into.sessions;
    into.found += found.size();
    std::move(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept),
              std::back_inserter(into.anomalies));
}

}  // namespace

std::string_view to_string(anomaly_kind kind) noexcept {
    switch (kind) {
        case anomaly_kind::garbage_read:
            return "garbage read";
        case anomaly_kind::aborted_read:
            return "aborted read";
        case anomaly_kind::lost_update:
            return "lost update";
        case anomaly_kind::fractured_read:
            return "fractured read";
        case anomaly_kind::stale_read:
            return "stale read";
        case anomaly_kind::write_skew:
            return "write skew";
        case anomaly_kind::revival:
            return "revival";
        case anomaly_kind::lost_session:
            return "lost session";
        case anomaly_kind::foreign_session:
            return "foreign session";
        case anomaly_kind::circular_order:
            return "circular order";
    }
    return {};
}

bool verdict::has(anomaly_kind kind) const noexcept {
    return std::any_of(anomalies.begin(), anomalies.end(),
                       [kind](const anomaly& each) { return each.kind == kind; });
}

std::string verdict::summary() const {
    std::string text = std::to_string(committed) + " committed, " + std::to_string(refused) +
                       " refused, " + std::to_string(unknown) + " unknown on " +
                       std::to_string(sessions) + " sessions: " + std::to_string(found) +
                       " anomalies\n";
    std::map<std::string_view, std::size_t> kinds;
    for (const anomaly& each : anomalies) {
        ++kinds[to_string(each.kind)];
    }
    for (const auto& [kind, times] : kinds) {
        text += "  " + std::string{kind} + ": " + std::to_string(times) + "\n";
    }
    for (std::size_t index = 0; index < std::min(anomalies.size(), explained_anomalies); ++index) {
        const anomaly& each = anomalies[index];
        text += std::string{to_string(each.kind)} + " in session " + std::to_string(each.session) +
                ". " + each.explanation;
    }
    return text;
}

verdict check(const history& transactions) {
    verdict result;
    count(transactions, result);
    std::vector<std::uint32_t> positions(transactions.size());
    std::iota(positions.begin(), positions.end(), 0);
    std::stable_sort(positions.begin(), positions.end(), [&](auto a, auto b) {
        return transactions[a].session < transactions[b].session;
    });
    for (auto first = positions.begin(); first != positions.end();) {
        const auto last = std::find_if(first, positions.end(), [&](auto each) {
            return transactions[each].session != transactions[*first].session;
        });
        check_session(transactions, std::span(first, last), result);
        first = last;
    }
    return result;
}

}  // namespace cloakroom::serialisability
