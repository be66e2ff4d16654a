// SPDX-License-Identifier: MIT
#include "owner_ends.hpp"

#include <algorithm>
#include <tuple>

namespace cloakroom::serialisability {
namespace {

transaction make_end(const owned_session& of, const owner_end& by) {
    const bool is_certain = by.end != never && of.end < by.begin;
    transaction result;
    result.session = of.session;
    result.client = by.client;
    result.begin = std::max(of.begin, by.begin);
    result.end = is_certain ? by.end : never;
    result.outcome = is_certain ? outcome::committed : outcome::unknown;
    result.saw = sighting::none;
    result.ends = true;
    return result;
}

}  // namespace

history ends_of(const std::vector<owned_session>& sessions, std::vector<owner_end> ends) {
    std::sort(ends.begin(), ends.end(), [](const owner_end& a, const owner_end& b) {
        return std::tuple{a.owner, a.begin} < std::tuple{b.owner, b.begin};
    });
    history result;
    for (const owned_session& each : sessions) {
        auto next = std::partition_point(
            ends.begin(), ends.end(), [&](const owner_end& one) { return one.owner < each.owner; });
        tick is_over = never;  // from then on it cannot be ended once more
        for (; next != ends.end() && next->owner == each.owner && next->begin <= is_over; ++next) {
            if (next->end < each.begin) {
                continue;
            }
            result.push_back(make_end(each, *next));
            is_over = std::min(is_over, result.back().end);
        }
    }
    return result;
}

}  // namespace cloakroom::serialisability
