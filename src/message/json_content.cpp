// SPDX-License-Identifier: MIT
#include "message/json_content.hpp"

#include <cloakroom/text.hpp>

#include <utility>

namespace cloakroom {
namespace {

/// True for application/json and for what is JSON by its suffix, such as
/// application/merge-patch+json. Source: RFC 6839 section 3.1.
bool is_json(const request& req) noexcept {
    if (req.has_content_type("application/json")) {
        return true;
    }
    constexpr std::string_view type = "application/";
    constexpr std::string_view suffix = "+json";
    const std::string_view value = req.header("Content-Type").value_or(std::string_view{});
    const std::string_view sent = trimmed(value.substr(0, value.find(';')));
    return sent.size() > type.size() + suffix.size() &&
           equals_ignoring_case(sent.substr(0, type.size()), type) &&
           equals_ignoring_case(sent.substr(sent.size() - suffix.size()), suffix);
}

}  // namespace

std::string_view json_content(const request& req) {
    if (!is_json(req)) {
        throw http_error(problem{status::unsupported_media_type,
                                 "Expected content of type application/json.",
                                 {},
                                 {{"Accept", "application/json"}}});
    }
    return req.body();
}

http_error unprocessable_json(std::vector<field_error> errors) {
    const bool is_of_the_whole = !errors.empty() && errors.front().field.empty();
    std::string detail = is_of_the_whole
                             ? "The JSON is not acceptable: " + errors.front().message + "."
                             : "Some fields are not acceptable.";
    return http_error(
        problem{status::unprocessable_content, std::move(detail), std::move(errors), {}});
}

}  // namespace cloakroom
