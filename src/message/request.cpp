// SPDX-License-Identifier: MIT
#include "message/known_name.hpp"
#include <cloakroom/request.hpp>
#include <cloakroom/text.hpp>

#include <algorithm>
#include <cstddef>

namespace cloakroom {
namespace {

/// Cuts what is before the first `separator` off the front of `rest`, and the separator with it.
std::string_view next_part(std::string_view& rest, char separator) noexcept {
    const std::size_t end = std::min(rest.find(separator), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

std::string_view without_quotes(std::string_view value) noexcept {
    const bool is_quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
    return is_quoted ? value.substr(1, value.size() - 2) : value;
}

/// The value of the cookie of that name in one Cookie field.
std::optional<std::string_view> find_cookie(std::string_view pairs,
                                            std::string_view name) noexcept {
    while (!pairs.empty()) {
        const std::string_view pair = next_part(pairs, ';');
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos && trimmed(pair.substr(0, equals)) == name) {
            return without_quotes(trimmed(pair.substr(equals + 1)));
        }
    }
    return std::nullopt;
}

/// A quality value in thousandths; 1000 for text that is none. Source: RFC 9110 section 12.4.2.
int quality_of(std::string_view text) noexcept {
    const bool has_fraction = text.size() > 1;
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') ||
        (has_fraction && text[1] != '.')) {
        return 1000;
    }
    int quality = text[0] == '1' ? 1000 : 0;
    int weight = 100;
    for (const char digit : has_fraction ? text.substr(2) : std::string_view{}) {
        if (digit < '0' || digit > '9') {
            return 1000;
        }
        quality += (digit - '0') * weight;
        weight /= 10;
    }
    return std::min(quality, 1000);
}

/// The quality of a media range with these parameters.
int quality_in(std::string_view parameters) noexcept {
    while (!parameters.empty()) {
        std::string_view value = next_part(parameters, ';');
        if (equals_ignoring_case(trimmed(next_part(value, '=')), "q")) {
            return quality_of(trimmed(value));
        }
    }
    return 1000;
}

bool is_json_range(std::string_view media_range) noexcept {
    return equals_ignoring_case(media_range, "application/json") ||
           equals_ignoring_case(media_range, "application/problem+json");
}

}  // namespace

std::optional<std::string_view> request::header(std::string_view name) const noexcept {
    const auto found =
        std::find_if(parts_.fields.begin(), parts_.fields.end(), [&](const field_view& each) {
            return each.name.size() == name.size() && equals_ignoring_case(each.name, name);
        });
    return found == parts_.fields.end() ? std::nullopt : std::optional{found->value};
}

std::optional<std::string_view> request::cookie(std::string_view name) const noexcept {
    if (name.empty()) {  // "Cookie: =__Host-id=forged" has a cookie without a name
        return std::nullopt;
    }
    for (const field_view& each : parts_.fields) {
        constexpr known_name cookie_field("Cookie");
        if (!cookie_field.matches(each.name)) {
            continue;
        }
        if (const auto value = find_cookie(each.value, name)) {
            return value;
        }
    }
    return std::nullopt;
}

std::optional<std::string> request::query_value(std::string_view name) const {
    std::string_view rest = parts_.query;
    while (!rest.empty()) {
        std::string_view value = next_part(rest, '&');
        if (value.empty()) {
            continue;
        }
        if (percent_decoded(next_part(value, '='), plus::is_space) == name) {
            return percent_decoded(value, plus::is_space);
        }
    }
    return std::nullopt;
}

bool request::has_content_type(std::string_view media_type) const noexcept {
    std::string_view value = header("Content-Type").value_or(std::string_view{});
    const std::string_view sent = trimmed(next_part(value, ';'));
    return !sent.empty() && equals_ignoring_case(sent, media_type);
}

bool request::prefers_html() const noexcept {
    int html = 0;
    int json = 0;
    for (const field_view& each : parts_.fields) {
        if (!equals_ignoring_case(each.name, "accept")) {
            continue;
        }
        std::string_view ranges = each.value;
        while (!ranges.empty()) {
            std::string_view parameters = next_part(ranges, ',');
            const std::string_view media_range = trimmed(next_part(parameters, ';'));
            if (equals_ignoring_case(media_range, "text/html")) {
                html = std::max(html, quality_in(parameters));
            } else if (is_json_range(media_range)) {
                json = std::max(json, quality_in(parameters));
            }
        }
    }
    return html > 0 && html >= json;
}

}  // namespace cloakroom
