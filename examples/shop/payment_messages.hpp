// SPDX-License-Identifier: MIT
// What the shop and the payment service say to each other: POST /charges, with the attempt's key as
// Idempotency-Key, and its answer. Both are JSON.
#pragma once

#include "order.hpp"
#include <cloakroom/fields.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace shop {

struct charge_request {
    std::string order;
    int total = 0;
    std::string card;
    std::vector<line> lines;
    static constexpr auto fields =
        cloakroom::fields(cloakroom::field("order", &charge_request::order),
                          cloakroom::field("total", &charge_request::total),
                          cloakroom::field("card", &charge_request::card),
                          cloakroom::field("lines", &charge_request::lines));
};

enum class payment_kind { charged, declined };

inline bool from_text(std::string_view text, payment_kind& kind) {
    kind = text == "charged" ? payment_kind::charged : payment_kind::declined;
    return text == "charged" || text == "declined";
}
inline std::string_view to_text(payment_kind kind) {
    return kind == payment_kind::charged ? "charged" : "declined";
}

/// Something that has happened to an order, once; who is told of it twice knows it by the id.
struct payment_event {
    std::string id;
    payment_kind kind = payment_kind::declined;
    std::string reason;   ///< Of `declined`.
    std::string receipt;  ///< Of `charged`, as are these:
    int total = 0;
    std::vector<line> lines;
    static constexpr auto fields = cloakroom::fields(
        cloakroom::field("id", &payment_event::id), cloakroom::field("kind", &payment_event::kind),
        cloakroom::field("reason", &payment_event::reason).optional(),
        cloakroom::field("receipt", &payment_event::receipt).optional(),
        cloakroom::field("total", &payment_event::total).optional(),
        cloakroom::field("lines", &payment_event::lines).optional());
};

struct charge_answer {
    std::vector<payment_event> events;
    static constexpr auto fields =
        cloakroom::fields(cloakroom::field("events", &charge_answer::events));
};

}  // namespace shop
