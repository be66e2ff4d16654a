// SPDX-License-Identifier: MIT
// The checker against a search for an order: random histories of a few transactions, right ones and
// falsified ones, for which all orders can be tried. And how it copes with many.
#include "checker.hpp"
#include "random_history.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace cloakroom::serialisability {
namespace {

// Tries to put the transactions in an order in which each reads what is there, one by one. An
// ending has two steps: its reads, then the end.
class order_search {
public:
    explicit order_search(const history& transactions) : transactions_(&transactions) {
        for (std::size_t index = 0; index < transactions.size(); ++index) {
            const transaction& one = transactions[index];
            const bool is_known = one.outcome == outcome::committed;
            if (one.outcome == outcome::refused) {
                continue;
            }
            steps_.push_back({index, false, is_known});
            if (one.ends && one.saw != sighting::gone) {
                steps_.push_back({index, true, is_known});
            }
        }
    }

    [[nodiscard]] bool succeeds() { return place_rest(0, {}); }

private:
    struct step {
        std::size_t transaction;
        bool is_end;
        bool must_happen;
    };
    struct state {
        std::map<key_number, version> values;
        bool has_ended = false;

        friend auto operator<=>(const state&, const state&) = default;
    };

    [[nodiscard]] bool place_rest(unsigned placed, const state& now) {
        if (!failed_.emplace(placed, now).second) {
            return false;
        }
        bool is_complete = true;
        for (unsigned index = 0; index < steps_.size(); ++index) {
            if ((placed >> index & 1U) != 0) {
                continue;
            }
            is_complete = is_complete && !steps_[index].must_happen;
            state next = now;
            if (may_be_next(index, placed) && apply(steps_[index], next) &&
                place_rest(placed | 1U << index, next)) {
                return true;
            }
        }
        return is_complete;
    }

    // Whether nothing that must be placed before it is missing.
    [[nodiscard]] bool may_be_next(unsigned index, unsigned placed) const {
        const step& next = steps_[index];
        for (unsigned other = 0; other < steps_.size(); ++other) {
            const step& before = steps_[other];
            const bool comes_first =
                (*transactions_)[before.transaction].end < (*transactions_)[next.transaction].begin;
            const bool is_its_read =
                next.is_end && !before.is_end && before.transaction == next.transaction;
            const bool matters = before.must_happen && (comes_first || is_its_read);
            if (matters && (placed >> other & 1U) == 0) {
                return false;
            }
        }
        return true;
    }

    [[nodiscard]] bool apply(const step& what, state& to) const {
        const transaction& one = (*transactions_)[what.transaction];
        if (what.is_end) {
            to.has_ended = true;
            return true;
        }
        const bool is_known = one.outcome == outcome::committed;
        const bool wants_gone = one.saw == sighting::gone;
        if (is_known && one.saw != sighting::none && wants_gone != to.has_ended) {
            return false;
        }
        for (const access& each : one.accesses) {
            const version expected = wants_gone ? as_begun : to.values[each.key];
            if (is_known && each.seen != expected) {
                return false;
            }
        }
        const bool writes = !one.ends && !to.has_ended;
        for (const access& each : one.accesses) {
            if (writes && each.made != as_begun) {
                to.values[each.key] = each.made;
            }
        }
        return true;
    }

    const history* transactions_;
    std::vector<step> steps_;
    std::set<std::pair<unsigned, state>> failed_;
};

constexpr std::size_t rounds = CLOAKROOM_CHECK_OPERATIONS / 5 * 2;
constexpr std::size_t many = CLOAKROOM_CHECK_OPERATIONS * std::size_t{3};

TEST(CheckerAgreement, PassesWhatWasSerial) {
    for (unsigned seed = 0; seed < rounds; ++seed) {
        random_history made(seed, {.transactions = 40});
        const verdict result = check(made.transactions());
        ASSERT_EQ(result.found, 0U) << "seed " << seed << "\n" << result.summary();
    }
}

// The verdicts of the search and of the checker on falsified histories.
struct comparison {
    unsigned right = 0;
    unsigned wrong = 0;
    std::set<anomaly_kind> kinds;
};

comparison compare(const random_history::traits& traits) {
    comparison result;
    for (unsigned seed = 0; seed < rounds; ++seed) {
        random_history made(seed, traits);
        for (unsigned change = 0; change < 1 + seed % 3; ++change) {
            made.falsify();
        }
        const bool has_order = order_search(made.transactions()).succeeds();
        const verdict verdict = check(made.transactions());
        EXPECT_EQ(verdict.found == 0, has_order) << "seed " << seed << "\n" << verdict.summary();
        ++(has_order ? result.right : result.wrong);
        for (const anomaly& each : verdict.anomalies) {
            result.kinds.insert(each.kind);
        }
        if (::testing::Test::HasFailure()) {
            break;
        }
    }
    return result;
}

TEST(CheckerAgreement, JudgesAsASearchForAnOrderDoes) {
    const comparison result = compare({.transactions = 7, .unknown = 0});
    EXPECT_GT(result.right, rounds / 10);
    EXPECT_GT(result.wrong, rounds / 10);
    EXPECT_EQ(result.kinds.size(), 9U);  // all but foreign sessions
}

TEST(CheckerAgreement, JudgesAnUnknownOutcomeAsASearchDoes) {
    const comparison result = compare({.transactions = 7, .unknown = 1});
    EXPECT_GT(result.right, rounds / 10);
    EXPECT_GT(result.wrong, rounds / 10);
}

TEST(CheckerAgreement, NeverFindsWhatIsNotThere) {
    for (unsigned seed = 0; seed < rounds; ++seed) {
        random_history made(seed, {.transactions = 8, .unknown = 5});
        made.falsify();
        const verdict result = check(made.transactions());
        if (result.found != 0) {
            ASSERT_FALSE(order_search(made.transactions()).succeeds()) << "seed " << seed << "\n"
                                                                       << result.summary();
        }
    }
}

TEST(CheckerAgreement, FindsOneStaleReadAmongMany) {
    random_history made(1, {.transactions = many, .ends = false});
    history transactions = made.transactions();
    ASSERT_EQ(check(transactions).found, 0U);
    const auto writer = std::find_if(transactions.begin() + static_cast<std::ptrdiff_t>(many / 2),
                                     transactions.end(), [](const transaction& each) {
                                         return each.outcome == outcome::committed &&
                                                !each.accesses.empty() &&
                                                each.accesses[0].made != as_begun;
                                     });
    ASSERT_NE(writer, transactions.end());
    transaction late = transactions.back();
    late.accesses = {{writer->accesses[0].key, writer->accesses[0].seen, as_begun}};
    late.outcome = outcome::committed;
    late.begin = late.end = never - 1;
    transactions.push_back(late);
    const verdict result = check(transactions);
    EXPECT_EQ(result.found, 1U) << result.summary();
    EXPECT_TRUE(result.has(anomaly_kind::stale_read));
}

}  // namespace
}  // namespace cloakroom::serialisability
