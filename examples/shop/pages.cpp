// SPDX-License-Identifier: MIT
#include "pages.hpp"

#include "html.hpp"
#include <cloakroom/diagram.hpp>
#include <cloakroom/json_fields.hpp>

#include <array>
#include <string>
#include <utility>

namespace shop {
namespace {

using html::button, html::escaped, html::form, html::hidden, html::money;

struct content {
    std::string_view title;
    std::string main;
    std::string side = {};  // beside it, above the picture of the machine
};

struct card {
    std::string_view name;
    std::string_view text;
};
// What the payment service does with them: fake_payments.cpp.
constexpr std::array<card, 5> cards{{
    {"works", "A card that works"},
    {"declined", "A card that the bank declines"},
    {"fails", "A card that is charged, but the payment service fails before it says so"},
    {"late", "A card that is charged, but the payment service answers too late"},
    {"repeats", "A card for which the payment service says everything twice"},
}};

std::string goods_for_sale(cloakroom::session& visitor) {
    std::string list = "<ul class=\"goods\">\n";
    for (const good& each : goods) {
        list += "<li>" + html::picture(each.picture) + "<h2>" + escaped(each.name) + "</h2><p>" +
                escaped(each.text) + "</p><p class=\"price\">" + money(each.cents) + "</p>" +
                form(visitor, "/cart/add",
                     hidden("sku", each.sku) +
                         button("Add <span class=\"unseen\">" + escaped(each.name) + "</span>",
                                "plain")) +
                "</li>\n";
    }
    return list + "</ul>\n";
}

content content_of(const browsing& state, cloakroom::session& visitor) {
    std::string cart = "<section class=\"card\" id=\"cart\"><h2>Your cart</h2>\n";
    if (state.order.lines.empty()) {
        cart += "<p class=\"quiet\">Nothing yet.</p>\n";
    } else {
        cart += html::lines(state.order.lines, price_of(state.order.lines), [&](const line& each) {
            return "<td>" +
                   form(visitor, "/cart/remove",
                        hidden("sku", each.sku) + button("Remove", "link")) +
                   "</td>";
        });
        cart += form(visitor, "/check-out", button("Check out"));
    }
    return {"For those who wait", goods_for_sale(visitor), cart + "</section>\n"};
}

content content_of(const paying& state, cloakroom::session& visitor) {
    std::string choice = "<fieldset><legend>Pay with</legend>\n";
    for (const card& each : cards) {
        choice += "<label><input type=\"radio\" name=\"card\" value=\"" + std::string{each.name} +
                  "\"" + (&each == cards.data() ? " checked" : "") + "> " + std::string{each.text} +
                  "</label>\n";
    }
    choice += "</fieldset>\n";
    const std::string complaint = state.complaint.empty() ? std::string{}
                                                          : "<p role=\"alert\" class=\"alert\">" +
                                                                escaped(state.complaint) + "</p>\n";
    return {"Your order",
            "<div class=\"card\">\n" + complaint + html::lines(state.order.lines, state.total) +
                form(visitor, "/pay",
                     hidden("total", std::to_string(state.total)) + choice +
                         button("Pay " + money(state.total))) +
                form(visitor, "/back", button("Change the cart", "link")) + "</div>\n"};
}

// Sent by itself where there is JavaScript (assets.hpp). Sent twice it does no harm.
std::string payment_card(cloakroom::session& visitor, const std::string& text,
                         std::string_view on_button) {
    return "<div class=\"card\" id=\"payment\"><p role=\"status\" id=\"progress\">" + text +
           "</p>\n" + form(visitor, "/payment", button(on_button)) + "</div>\n";
}

content content_of(const charging& state, cloakroom::session& visitor) {
    const std::string text = money(state.total) +
                             " for your order, once. You may close this page "
                             "and come back to it.";
    return {"Your payment is being made", payment_card(visitor, text, "Go on")};
}

content content_of(const paid& state, cloakroom::session& visitor) {
    return {"Thank you",
            "<div class=\"card receipt\">\n<p class=\"quiet\">Receipt</p><p class=\"number\" "
            "id=\"receipt\">" +
                escaped(state.receipt) + "</p>\n" + html::lines(state.lines, state.total) +
                form(visitor, "/start-over", button("Buy something else", "plain")) + "</div>\n"};
}

std::string steps(std::string_view current) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> all{
        {{"browsing", "Cart"}, {"paying", "Pay"}, {"charging", "Payment"}, {"paid", "Receipt"}}};
    std::string list = "<ol class=\"steps\">";
    for (const auto& [state, text] : all) {
        list += state == current ? "<li aria-current=\"step\">" : "<li>";
        list += std::string{text} + "</li>";
    }
    return list + "</ol>";
}

std::string layout(std::string_view title, const std::string& steps, const std::string& columns) {
    return R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/shop.css"><link rel="icon" href="data:,">
<script src="/shop.js" defer></script><title>)" +
           escaped(title) + R"( – Left Behind</title></head>
<body><header><a class="brand" href="/">Left Behind</a>)" +
           steps + "</header>\n<main>\n<h1>" + escaped(title) + "</h1>\n<div class=\"columns\">\n" +
           columns + "</div></main></body></html>\n";
}

// With the picture of the machine, the visitor's state lit.
std::string layout(const content& shown, std::string_view state) {
    return layout(
        shown.title, steps(state),
        "<div>\n" + shown.main + "</div>\n<aside>\n" + shown.side +
            "<details class=\"machine\" open><summary>The machine is in the state <code>" +
            std::string{state} + "</code></summary>\n" + cloakroom::diagram<checkout>().svg(state) +
            "</details>\n</aside>\n");
}

// What is wrong, and the way to where the purchase is: "/" leads there from any state.
std::string complaint(std::string_view text) {
    return "<div class=\"card\">" + (text.empty() ? "" : "<p>" + escaped(text) + "</p>") +
           "<p><a class=\"button\" href=\"/\">Go to where you are</a></p></div>\n";
}

content content_of(const purchase& now, cloakroom::session& visitor) {
    return now.visit([&](const auto& state) { return content_of(state, visitor); });
}

constexpr std::string_view path(const browsing& /*state*/) {
    return "/";
}
constexpr std::string_view path(const paying& /*state*/) {
    return "/pay";
}
constexpr std::string_view path(const charging& /*state*/) {
    return "/payment";
}
constexpr std::string_view path(const paid& /*state*/) {
    return "/receipt";
}

}  // namespace

std::string_view path_of(const purchase& now) {
    return now.visit([](const auto& state) { return path(state); });
}

cloakroom::response page_of(const purchase& now, cloakroom::session& visitor) {
    return cloakroom::html(layout(content_of(now, visitor), now.state_name()));
}

cloakroom::response page_of_refusal(const purchase& now, std::string_view reason) {
    const std::string_view text = reason.empty() ? "It may have been done in another tab." : reason;
    return cloakroom::html(layout({"That is not possible now", complaint(text)}, now.state_name()))
        .status(cloakroom::status::conflict);
}

cloakroom::response page_of_failure(const purchase& now, cloakroom::session& visitor,
                                    payment_outcome outcome) {
    const bool is_late = outcome == payment_outcome::too_late;
    const std::string text = "The payment service " +
                             std::string{is_late ? "takes too long" : "does not answer"} +
                             ". It may have made your payment or not. Asking again cannot make it "
                             "twice.";
    return cloakroom::html(layout({"We do not know yet", payment_card(visitor, text, "Ask again")},
                                  now.state_name()))
        .status(is_late ? cloakroom::status::gateway_timeout : cloakroom::status::bad_gateway)
        .set("Retry-After", "1");
}

std::optional<cloakroom::response> page_of_error(const cloakroom::request& req,
                                                 const cloakroom::problem& error) {
    if (!req.prefers_html()) {
        return std::nullopt;
    }
    const std::string title{cloakroom::reason_phrase(error.status)};
    return cloakroom::html(layout(title, {}, complaint(error.detail)));
}

}  // namespace shop
