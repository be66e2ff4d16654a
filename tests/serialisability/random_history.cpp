// SPDX-License-Identifier: MIT
#include "random_history.hpp"

#include <cstdint>

namespace cloakroom::serialisability {

bool random_history::has_unknown_left() {
    if (unknown_left_ == 0 || !one_in(4)) {
        return false;
    }
    --unknown_left_;
    return true;
}

void random_history::add_accesses(transaction& to) {
    for (key_number key = 0; key < keys; ++key) {
        if (one_in(2)) {
            continue;
        }
        access one{.key = key};
        if (to.saw == sighting::alive) {
            one.seen = values_[key];
        }
        if (!to.ends && one_in(2)) {
            one.made = ++last_version_;
        }
        to.accesses.push_back(one);
    }
}

void random_history::apply(const transaction& what) {
    if (what.saw != sighting::alive) {
        return;
    }
    has_ended_ = has_ended_ || what.ends;
    for (const access& each : what.accesses) {
        if (!what.ends && each.made != as_begun) {
            values_[each.key] = each.made;
        }
    }
}

// It happens at `moment`, and was under way for some time before and after.
void random_history::add() {
    const tick moment = (transactions_.size() + 10) * pace;
    transaction one;
    one.client = static_cast<std::uint32_t>(below(9));
    one.begin = moment - below(5 * pace);
    one.end = moment + below(5 * pace);
    one.saw = has_ended_ ? sighting::gone : sighting::alive;
    one.ends = wanted_.ends && one_in(6);
    add_accesses(one);
    if (one_in(6)) {
        one.outcome = outcome::refused;
    } else if (!has_unknown_left()) {
        apply(one);
    } else {
        if (one_in(2)) {
            apply(one);
        }
        one.outcome = outcome::unknown;
        one.saw = sighting::none;
        one.end = never;
    }
    transactions_.push_back(one);
}

void random_history::falsify() {
    transaction& one = transactions_[below(transactions_.size())];
    access* const what = one.accesses.empty() ? nullptr : &one.accesses[below(one.accesses.size())];
    switch (below(6)) {
        case 0:
            if (what != nullptr) {
                what->seen = below(last_version_ + 2);
            }
            return;
        case 1:
            if (what != nullptr) {
                what->made = as_begun;
            }
            return;
        case 2:
            if (one.outcome != outcome::unknown) {
                one.saw = one.saw == sighting::gone ? sighting::alive : sighting::gone;
            }
            return;
        case 3:
            if (one.outcome != outcome::unknown) {
                const bool was_refused = one.outcome == outcome::refused;
                one.outcome = was_refused ? outcome::committed : outcome::refused;
            }
            return;
        case 4:
            one.begin = below(one.begin + 1);
            return;
        default:
            if (one.outcome != outcome::unknown) {
                const tick shift = below(8 * pace);
                one.begin += shift;
                one.end += shift;
            }
            return;
    }
}

}  // namespace cloakroom::serialisability
