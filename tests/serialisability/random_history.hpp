// SPDX-License-Identifier: MIT
// Makes histories of one session up: right ones, from a serial execution whose transactions are
// then stretched until they overlap; and falsified ones.
#pragma once

#include "history.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

namespace cloakroom::serialisability {

class random_history {
public:
    struct traits {
        std::size_t transactions = 7;
        unsigned unknown = 2;  ///< So many at most have an unknown outcome.
        bool ends = true;      ///< The session may end.
    };

    random_history(unsigned seed, traits wanted) : random_(seed), wanted_(wanted) {
        transactions_.reserve(wanted.transactions);
        unknown_left_ = wanted.unknown;
        while (transactions_.size() < wanted.transactions) {
            add();
        }
    }

    [[nodiscard]] const history& transactions() const noexcept { return transactions_; }

    /// Changes one thing: what was read, written or found, the outcome, or the time. What comes out
    /// may be right all the same.
    void falsify();

private:
    static constexpr key_number keys = 3;
    static constexpr tick pace = 100;  // between the moments at which transactions happen

    [[nodiscard]] std::size_t below(std::size_t bound) { return random_() % bound; }
    [[nodiscard]] bool one_in(unsigned chances) { return below(chances) == 0; }
    void add();
    void add_accesses(transaction& to);
    void apply(const transaction& what);
    [[nodiscard]] bool has_unknown_left();

    std::mt19937 random_;
    traits wanted_;
    unsigned unknown_left_ = 0;
    history transactions_;
    std::map<key_number, version> values_;
    bool has_ended_ = false;
    version last_version_ = as_begun;
};

}  // namespace cloakroom::serialisability
