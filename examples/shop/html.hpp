// SPDX-License-Identifier: MIT
// What the shop's pages are made of. Nothing here knows the machine.
#pragma once

#include "order.hpp"
#include <cloakroom/csrf.hpp>
#include <cloakroom/session.hpp>
#include <cloakroom/text.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace shop::html {

/// As it may stand in HTML. Whatever came from outside goes through this.
[[nodiscard]] inline std::string escaped(std::string_view text) {
    std::string html;
    cloakroom::append_html_text(html, text);
    return html;
}

/// 1250 cents as "€12.50".
[[nodiscard]] inline std::string money(int cents) {
    const std::string part = std::to_string(cents % 100);
    return "€" + std::to_string(cents / 100) + (part.size() < 2 ? ".0" : ".") + part;
}

[[nodiscard]] inline std::string picture(std::string_view path) {
    return R"(<svg class="picture" viewBox="0 0 48 48" aria-hidden="true"><path d=")" +
           std::string{path} + "\"/></svg>";
}

[[nodiscard]] inline std::string hidden(std::string_view name, std::string_view value) {
    return "<input type=\"hidden\" name=\"" + std::string{name} + "\" value=\"" + escaped(value) +
           "\">";
}

/// A form that csrf() lets pass. `once` is new in each page that is made: however often the form of
/// one page is sent, by a double click or the back button, it counts once.
[[nodiscard]] inline std::string form(cloakroom::session& visitor, std::string_view action,
                                      std::string_view content) {
    return "<form method=\"post\" action=\"" + std::string{action} + "\">" +
           cloakroom::csrf_field(visitor) + hidden("once", random_id(16)) + std::string{content} +
           "</form>\n";
}

[[nodiscard]] inline std::string button(std::string_view text, std::string_view kind = "main") {
    return "<button class=\"" + std::string{kind} + "\">" + std::string{text} + "</button>";
}

/// A table of lines with their sum. `behind` makes what stands behind a line, as a `<td>`.
template <class Behind>
[[nodiscard]] std::string lines(const std::vector<line>& all, int total, Behind behind) {
    std::string table = "<table class=\"lines\">\n";
    for (const line& each : all) {
        const good* sold = find_good(each.sku);
        table += "<tr><td>" + std::to_string(each.quantity) + " ×</td><td>" +
                 escaped(sold == nullptr ? each.sku : sold->name) + "</td><td class=\"sum\">" +
                 money(price_of(each)) + "</td>" + behind(each) + "</tr>\n";
    }
    return table + "<tr class=\"total\"><td></td><td>Total</td><td class=\"sum\">" + money(total) +
           "</td></tr>\n</table>\n";
}
[[nodiscard]] inline std::string lines(const std::vector<line>& all, int total) {
    return lines(all, total, [](const line& /*each*/) { return std::string{}; });
}

}  // namespace shop::html
