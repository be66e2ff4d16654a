// SPDX-License-Identifier: MIT
// Queries and submitted forms.
// Property: the query and the form of one text have the same pairs; a pair is found by its name;
// encoded anew the pairs are read as they were; and a number binds to what from_chars says.
// Input: the text.
#include "target.hpp"
#include <cloakroom/form.hpp>

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace cloakroom::fuzz {
namespace {

struct search {
    int page = 1;
    std::string text;
    std::optional<bool> exact;
    std::vector<std::string> tags;
    static constexpr auto fields = cloakroom::fields(
        field("page", &search::page).optional(), field("text", &search::text).optional(),
        field("exact", &search::exact), field("tag", &search::tags));
};

request with(std::string_view text, std::string_view body) {
    request::parts parts;
    parts.method = method::post;
    parts.query = text;
    parts.body = body;
    parts.fields.push_back({"Content-Type", form_values::media_type});
    return request{std::move(parts)};
}

void check_bound(const form_values& values) {
    try {
        const auto bound = bind_form<search>(values, status::bad_request);
        if (const auto page = values.find("page"); page && !page->empty()) {
            int number = 0;
            const char* const end = page->data() + page->size();
            require(std::from_chars(page->data(), end, number).ptr == end && number == bound.page,
                    "a number is the one that is sent");
        }
        require(bound.text == values.find("text").value_or(""), "a text is the one that is sent");
        require(bound.tags == values.all("tag"), "a list has all values");
    } catch (const http_error& error) {
        require(!error.content().errors.empty(), "a form that is refused has fields at fault");
    }
}

}  // namespace

void check(std::string_view input) {
    const std::optional<form_values> values = form_values::parse(input);
    if (!values) {
        return;
    }
    const request req = with(input, input);
    require(form_of(req).pairs() == values->pairs(), "a form has the pairs of its text");
    require(query_of(req).pairs() == values->pairs(), "a query has the pairs of its text");
    std::string again;
    for (const auto& [name, value] : values->pairs()) {
        require(values->find(name) == values->all(name).front(), "the first value is found");
        require(req.query_value(name) == values->find(name), "a query's value is found");
        again += percent_encoded(name) + '=' + percent_encoded(value) + '&';
    }
    const std::optional<form_values> reread = form_values::parse(again);
    require(reread && reread->pairs() == values->pairs(), "pairs encoded anew are the same");
    check_bound(*values);
}

}  // namespace cloakroom::fuzz
