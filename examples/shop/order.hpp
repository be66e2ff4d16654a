// SPDX-License-Identifier: MIT
// What a visitor buys, as the session and the payment service know it.
#pragma once

#include "catalogue.hpp"
#include <cloakroom/fields.hpp>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace shop {

struct line {
    std::string sku;
    int quantity = 1;

    static constexpr auto fields = cloakroom::fields(cloakroom::field("sku", &line::sku),
                                                     cloakroom::field("quantity", &line::quantity));
    friend bool operator==(const line&, const line&) = default;
};

struct order {
    static constexpr int max_quantity = 9;  ///< Of a line.

    std::string id;   ///< Made with the first line; who knows it can do nothing with it.
    int attempt = 1;  ///< To pay. It goes up when the payment service has said no to the last one.
    std::vector<line> lines;

    static constexpr auto fields = cloakroom::fields(cloakroom::field("id", &order::id),
                                                     cloakroom::field("attempt", &order::attempt),
                                                     cloakroom::field("lines", &order::lines));
    friend bool operator==(const order&, const order&) = default;

    /// What this attempt to pay is known by; the payment service's Idempotency-Key.
    [[nodiscard]] std::string key() const { return id + '.' + std::to_string(attempt); }

    [[nodiscard]] std::vector<line>::iterator find(std::string_view sku) {
        return std::find_if(lines.begin(), lines.end(),
                            [sku](const line& each) { return each.sku == sku; });
    }
};

/// In cents; what is no longer sold is free, and no order of it is taken.
[[nodiscard]] inline int price_of(const line& each) {
    const good* sold = find_good(each.sku);
    return sold == nullptr ? 0 : sold->cents * each.quantity;
}

[[nodiscard]] inline int price_of(const std::vector<line>& lines) {
    int sum = 0;
    for (const line& each : lines) {
        sum += price_of(each);
    }
    return sum;
}

/// 4 bits a character, from the system's source of random numbers.
[[nodiscard]] inline std::string random_id(std::size_t characters) {
    std::random_device source;
    std::string id;
    while (id.size() < characters) {
        for (std::uint32_t bits = source(), digit = 0; digit < 8 && id.size() < characters;
             ++digit, bits >>= 4U) {
            id += "0123456789abcdef"[bits & 15U];
        }
    }
    return id;
}

}  // namespace shop
