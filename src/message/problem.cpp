// SPDX-License-Identifier: MIT
#include "message/problem.hpp"

#include <cloakroom/text.hpp>

#include <string>
#include <string_view>

namespace cloakroom {
namespace {

constexpr std::string_view page_begin =
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>";
constexpr std::string_view page_middle =
    "</title>\n<style>body { font-family: sans-serif; margin: 10vh auto; max-width: 40em; "
    "padding: 0 1em; }</style>\n</head>\n<body>\n<h1>";
constexpr std::string_view page_end = "</body>\n</html>\n";

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
    json += content.errors.empty() ? "}" : "]}";
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

response problem_response(const request& req, const problem& content) {
    const bool is_page = req.prefers_html();
    response made = is_page
                        ? html(problem_page(content))
                        : response{status::ok, problem_json(content), "application/problem+json"};
    made.status(content.status).set("X-Content-Type-Options", "nosniff").set("Vary", "Accept");
    return made;
}

}  // namespace cloakroom
