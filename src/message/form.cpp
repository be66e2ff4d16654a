// SPDX-License-Identifier: MIT
#include <cloakroom/form.hpp>

#include <algorithm>
#include <cstddef>

namespace cloakroom {
namespace {

[[noreturn]] void refuse(std::string_view where) {
    throw http_error(status::bad_request,
                     "The " + std::string{where} +
                         " has a malformed percent escape, a NUL or more than " +
                         std::to_string(form_values::max_values) + " values.");
}

}  // namespace

std::optional<form_values> form_values::parse(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) {
        return std::nullopt;
    }
    form_values values;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) {
            continue;
        }
        const std::size_t equals = std::min(pair.find('='), pair.size());
        std::optional<std::string> name = percent_decoded(pair.substr(0, equals), plus::is_space);
        std::optional<std::string> value =
            percent_decoded(pair.substr(std::min(equals + 1, pair.size())), plus::is_space);
        if (!name || !value || values.pairs_.size() == max_values) {
            return std::nullopt;
        }
        values.pairs_.emplace_back(std::move(*name), std::move(*value));
    }
    return values;
}

std::optional<std::string_view> form_values::find(std::string_view name) const noexcept {
    const auto found = std::find_if(pairs_.begin(), pairs_.end(),
                                    [&](const auto& pair) { return pair.first == name; });
    return found == pairs_.end() ? std::nullopt : std::optional<std::string_view>{found->second};
}

std::vector<std::string> form_values::all(std::string_view name) const {
    std::vector<std::string> found;
    for (const auto& [each, value] : pairs_) {
        if (each == name) {
            found.push_back(value);
        }
    }
    return found;
}

form_values query_of(const request& req) {
    std::optional<form_values> values = form_values::parse(req.query());
    if (!values) {
        refuse("query");
    }
    return std::move(*values);
}

form_values form_of(const request& req) {
    if (!req.has_content_type(form_values::media_type)) {
        const std::string expected{form_values::media_type};
        throw http_error(problem{status::unsupported_media_type,
                                 "Expected content of type " + expected + ".",
                                 {},
                                 {{"Accept", expected}}});
    }
    std::optional<form_values> values = form_values::parse(req.body());
    if (!values) {
        refuse("form");
    }
    return std::move(*values);
}

}  // namespace cloakroom
