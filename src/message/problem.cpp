// SPDX-License-Identifier: MIT
#include "message/problem.hpp"

#include <cloakroom/json_codec.hpp>
#include <cloakroom/text.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom {
namespace {

constexpr std::string_view page_begin =
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>";
constexpr std::string_view page_middle =
    "</title>\n<style>body { font-family: sans-serif; margin: 10vh auto; max-width: 40em; "
    "padding: 0 1em; }</style>\n</head>\n<body>\n<h1>";
constexpr std::string_view page_end = "</body>\n</html>\n";

constexpr std::array<std::string_view, 6> taken_names = {"type",   "title",    "status",
                                                         "detail", "instance", "errors"};

bool is_letter(char each) noexcept {
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
}

/// Names that survive other formats than JSON, too. Source: RFC 9457 section 3.2.
bool is_extension_name(std::string_view name) noexcept {
    return !name.empty() && is_letter(name.front()) &&
           std::all_of(name.begin(), name.end(),
                       [](char each) {
                           return is_letter(each) || (each >= '0' && each <= '9') || each == '_';
                       }) &&
           std::find(taken_names.begin(), taken_names.end(), name) == taken_names.end();
}

void check_extension(const problem& content, std::size_t index) {
    const auto& [name, json] = content.extensions[index];
    const auto begin = content.extensions.begin();
    const bool is_given_before =
        std::any_of(begin, begin + static_cast<std::ptrdiff_t>(index),
                    [&name = name](const auto& before) { return before.first == name; });
    if (!is_extension_name(name) || is_given_before) {
        std::string sentence = "cloakroom: problem::extensions cannot have the name ";
        append_json_string(sentence, name);
        sentence +=
            ": take a letter, then letters, digits and \"_\", that is used once, and no name "
            "of RFC 9457's own or \"errors\"";
        throw std::invalid_argument(sentence);
    }
    if (!json_text::is_json(json)) {
        throw std::invalid_argument("cloakroom: what problem::extensions has for \"" + name +
                                    "\" is no JSON text");
    }
}

void check_all_extensions(const problem& content) {
    for (std::size_t index = 0; index < content.extensions.size(); ++index) {
        check_extension(content, index);
    }
}

/// For example "404 Not Found".
std::string headline(status code) {
    std::string line = std::to_string(to_number(code));
    const std::string_view reason = reason_phrase(code);
    if (!reason.empty()) {
        line += ' ';
        line += reason;
    }
    return line;
}

void append_member(std::string& json, std::string_view name, std::string_view text) {
    append_json_string(json, name);
    json += ':';
    append_json_string(json, text);
}

/// Without "type", which then is "about:blank": the status says it all. Source: RFC 9457 section
/// 4.2.1.
std::string problem_json(const problem& content) {
    std::string json = "{";
    const std::string_view title = reason_phrase(content.status);
    if (!title.empty()) {
        append_member(json, "title", title);
        json += ',';
    }
    json += "\"status\":" + std::to_string(to_number(content.status));
    if (!content.detail.empty()) {
        json += ',';
        append_member(json, "detail", content.detail);
    }
    std::string_view separator = ",\"errors\":[";
    for (const field_error& each : content.errors) {
        json += separator;
        json += '{';
        append_member(json, "field", each.field);
        json += ',';
        append_member(json, "message", each.message);
        json += '}';
        separator = ",";
    }
    json += content.errors.empty() ? "" : "]";
    for (const auto& [name, text] : content.extensions) {
        json += ',';
        append_json_string(json, name);
        json += ':';
        json += text;
    }
    json += '}';
    return json;
}

void append_error_list(std::string& page, const problem& content) {
    page += "<ul>\n";
    for (const field_error& each : content.errors) {
        page += "<li><strong>";
        append_html_text(page, each.field);
        page += "</strong>: ";
        append_html_text(page, each.message);
        page += "</li>\n";
    }
    page += "</ul>\n";
}

std::string problem_page(const problem& content) {
    const std::string title = headline(content.status);
    std::string page{page_begin};
    append_html_text(page, title);
    page += page_middle;
    append_html_text(page, title);
    page += "</h1>\n";
    if (!content.detail.empty()) {
        page += "<p>";
        append_html_text(page, content.detail);
        page += "</p>\n";
    }
    if (!content.errors.empty()) {
        append_error_list(page, content);
    }
    page += page_end;
    return page;
}

}  // namespace

void http_error::check_extensions(const problem& content) {
    check_all_extensions(content);
}

response problem_response(const request& req, const problem& content) {
    check_all_extensions(content);
    const bool is_page = req.prefers_html();
    response made = is_page
                        ? html(problem_page(content))
                        : response{status::ok, problem_json(content), "application/problem+json"};
    made.status(content.status).set("X-Content-Type-Options", "nosniff").set("Vary", "Accept");
    return made;
}

}  // namespace cloakroom
