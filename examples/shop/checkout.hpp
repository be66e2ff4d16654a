// SPDX-License-Identifier: MIT
// The way from a cart to a receipt, as a state machine: all that the shop knows of a visitor. It
// knows neither HTTP nor the payment service.
#pragma once

#include "order.hpp"
#include <cloakroom/fields.hpp>
#include <cloakroom/machine_of.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace shop {

// States.

struct browsing {
    shop::order order;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("order", &browsing::order));
};

struct paying {
    shop::order order;
    int total = 0;
    std::string complaint;  ///< Why the last attempt failed; empty before.
    static constexpr auto fields = cloakroom::fields(
        cloakroom::field("order", &paying::order), cloakroom::field("total", &paying::total),
        cloakroom::field("complaint", &paying::complaint));
};

/// The visitor has said yes. Only the payment service leads out of this: it may have been told.
struct charging {
    shop::order order;
    int total = 0;
    std::string card;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("order", &charging::order),
                                                     cloakroom::field("total", &charging::total),
                                                     cloakroom::field("card", &charging::card));
};

/// The receipt is the payment service's: what it has charged, and for what.
struct paid {
    std::string receipt;
    int total = 0;
    std::vector<line> lines;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("receipt", &paid::receipt),
                                                     cloakroom::field("total", &paid::total),
                                                     cloakroom::field("lines", &paid::lines));
};

// What a visitor does. A price never comes from outside, nor does an order's id: with the id of
// somebody else's order, a visitor would get what that one has paid for.

struct add_line {
    std::string sku;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("sku", &add_line::sku));
};
struct remove_line {
    std::string sku;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("sku", &remove_line::sku));
};
struct check_out {};
struct back {};
struct pay {
    int total = 0;  ///< What the visitor has seen; no other sum is charged.
    std::string card;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("total", &pay::total),
                                                     cloakroom::field("card", &pay::card));
};
struct start_over {};

// What the payment service says, and the clock.

struct confirm {
    std::string receipt;
    int total = 0;
    std::vector<line> lines;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("receipt", &confirm::receipt),
                                                     cloakroom::field("total", &confirm::total),
                                                     cloakroom::field("lines", &confirm::lines));
};
struct decline {
    std::string reason;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("reason", &decline::reason));
};
struct give_up {};

struct checkout : cloakroom::machine_of<browsing, paying, charging, paid> {
    using events = cloakroom::events<add_line, remove_line, check_out, back, pay, confirm, decline,
                                     give_up, start_over>;
    using internal_events = cloakroom::events<confirm, decline, give_up>;
    static constexpr auto timeouts =
        cloakroom::timeouts(cloakroom::timeout<paying, give_up>(std::chrono::minutes{15}));

    static std::variant<browsing, cloakroom::refused> apply(browsing from, const add_line& event) {
        if (find_good(event.sku) == nullptr) {
            return cloakroom::refused{"The shop does not sell that."};
        }
        if (from.order.id.empty()) {
            from.order.id = random_id(32);  // a run that is not committed leaves nothing behind
        }
        const auto found = from.order.find(event.sku);
        if (found == from.order.lines.end()) {
            from.order.lines.push_back({event.sku, 1});
        } else if (++found->quantity > order::max_quantity) {
            return cloakroom::refused{"The shop has no more of that."};
        }
        return from;
    }

    static browsing apply(browsing from, const remove_line& event) {
        const auto found = from.order.find(event.sku);
        if (found != from.order.lines.end()) {
            from.order.lines.erase(found);
        }
        return from;
    }

    static std::variant<paying, cloakroom::refused> apply(const browsing& from,
                                                          const check_out& /*event*/) {
        if (from.order.lines.empty()) {
            return cloakroom::refused{"The cart is empty."};
        }
        for (const line& each : from.order.lines) {  // the session may be older than the catalogue
            if (find_good(each.sku) == nullptr) {
                return cloakroom::refused{"The shop no longer sells " + each.sku + ": remove it."};
            }
        }
        return paying{from.order, price_of(from.order.lines), {}};
    }

    static browsing apply(const paying& from, const back& /*event*/) { return {from.order}; }
    static browsing apply(const paying& from, const give_up& /*event*/) { return {from.order}; }

    static std::variant<charging, cloakroom::refused> apply(const paying& from, const pay& event) {
        if (event.total != from.total) {  // a page of before another tab changed the cart
            return cloakroom::refused{"The order has changed. Look at it again."};
        }
        if (event.card.empty() || event.card.size() > 32) {
            return cloakroom::refused{"Choose a card."};
        }
        return charging{from.order, from.total, event.card};
    }

    static paid apply(const charging& /*from*/, const confirm& event) {
        return {event.receipt, event.total, event.lines};
    }

    // The next attempt has another key, so the payment service looks at it anew.
    static paying apply(const charging& from, const decline& event) {
        paying again{from.order, from.total, event.reason};
        ++again.order.attempt;
        return again;
    }

    static browsing apply(const paid& /*from*/, const start_over& /*event*/) { return {}; }
};

}  // namespace shop
