// SPDX-License-Identifier: MIT
// What the shop sells. Prices are in cents.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace shop {

struct good {
    std::string_view sku;
    std::string_view name;
    std::string_view text;
    int cents;
    std::string_view picture;  ///< The path of an SVG of 48 by 48.
};

inline constexpr std::array<good, 6> goods{{
    {"umbrella", "Umbrella", "Black, large, and left behind by no one so far.", 2900,
     "M24 6v3M6 25a18 16 0 0 1 36 0c-3-3-9-3-12 0-3-3-9-3-12 0-3-3-9-3-12 0zM24 25v13a4 4 0 0 1-8 "
     "0"},
    {"hat", "Felt hat", "Keeps its shape on any shelf.", 5450,
     "M14 30V17c0-7 8-5 10-3 2-2 10-4 10 3v13M14 25c6 3 14 3 20 0M14 29C5 29 4 33 8 35c8 4 24 4 32 "
     "0 4-2 3-6-6-6"},
    {"scarf", "Wool scarf", "Two metres, for those who wait outside.", 3995,
     "M13 10c6 4 16 4 22 0l2 8c-8 5-18 5-26 0zM18 21l-3 19h10l2-19M18 40v4M20 40v4M22 40v4"},
    {"gloves", "Gloves", "A pair. Both of them.", 3200,
     "M15 42h15v-7l5-11c1-3-3-4-4-1l-2 4V13c0-3-4-3-4 0v8V10c0-3-4-3-4 0v11V13c0-3-4-3-4 "
     "0v14zM15 37h15"},
    {"hanger", "Coat hanger", "Cedar. One coat, one hook.", 1250,
     "M20 13a4 4 0 1 1 6 3c-2 1-2 3-2 6M24 22 6 33c-3 2-2 5 1 5h34c3 0 4-3 1-5z"},
    {"ticket", "Brass ticket", "Number 42. It finds your coat again.", 800,
     "M6 15h36v6a3 3 0 0 0 0 6v6H6v-6a3 3 0 0 0 0-6zM31 18v3M31 24v3M31 30v1"},
}};

/// The good of that number; null when the shop has none.
[[nodiscard]] constexpr const good* find_good(std::string_view sku) {
    const auto* found = std::find_if(goods.begin(), goods.end(),
                                     [sku](const good& each) { return each.sku == sku; });
    return found == goods.end() ? nullptr : found;
}

}  // namespace shop
