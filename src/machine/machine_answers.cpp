// SPDX-License-Identifier: MIT
#include "message/json_content.hpp"
#include <cloakroom/machine_routes.hpp>
#include <cloakroom/text.hpp>

#include <algorithm>
#include <utility>

namespace cloakroom {
namespace {

constexpr std::string_view page_begin =
    R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>)";
constexpr std::string_view page_middle = R"(</title>
<style>
body { font-family: sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em; }
svg { max-width: 100%; height: auto; }
pre { overflow-x: auto; }
</style>
</head>
<body>
<h1>)";

void append_source(std::string& page, std::string_view title, std::string_view text) {
    page += "<details>\n<summary>";
    page += title;
    page += "</summary>\n<pre>";
    append_html_text(page, text);
    page += "</pre>\n</details>\n";
}

std::string page_of(const machine_diagram& diagram, std::string_view current) {
    std::string page{page_begin};
    append_html_text(page, diagram.name());
    page += page_middle;
    append_html_text(page, diagram.name());
    page += "</h1>\n<p>Now: <strong>";
    append_html_text(page, current);
    page += "</strong></p>\n";
    page += diagram.svg(current);
    append_source(page, "Mermaid", diagram.mermaid(current));
    append_source(page, "Graphviz", diagram.graphviz(current));
    page += "</body>\n</html>\n";
    return page;
}

// The state is the visitor's, and the next moment may be another one.
void answer_with(exchange& on, std::string_view type, std::string content) {
    on.response()
        .set("Content-Type", type)
        .set("Cache-Control", "no-store")
        .body(std::move(content));
}

std::string list_of(const std::vector<std::string_view>& names) {
    std::string list = "[";
    for (const std::string_view each : names) {
        list += list.size() == 1 ? "" : ",";
        append_json_string(list, each);
    }
    return list += ']';
}

}  // namespace

std::string_view event_content(const request& req) {
    return req.body().empty() ? "{}" : json_content(req);
}

void read_content(const request& req, void* event,
                  void (*read)(json_text_reader& from, void* object)) {
    std::vector<field_error> errors;
    switch (read_json_object(event_content(req), event, read, &errors)) {
        case json_outcome::read:
            return;
        case json_outcome::malformed:
            throw http_error(status::bad_request, "The JSON is malformed.");
        case json_outcome::too_deep:
            throw http_error(status::bad_request, "The JSON is nested deeper than " +
                                                      std::to_string(max_json_depth) + " levels.");
        case json_outcome::mismatched:
            throw unprocessable_json(std::move(errors));
    }
}

void refuse_unknown_event(const machine_table& table, std::string_view event) {
    std::vector<std::string_view> known;
    for (std::size_t index = 0; index < table.events.size(); ++index) {
        if ((table.internal_events >> index & 1U) == 0) {
            known.push_back(table.events[index]);
        }
    }
    std::string name;
    append_json_string(name, event);
    problem content{status::not_found, "There is no event " + name + " to send.", {}, {}};
    content.extensions = {{"events", list_of(known)}};
    throw http_error(std::move(content));
}

void answer_state(exchange& on, const machine_table& table, std::size_t state, session_time since,
                  std::string_view data) {
    std::string json = R"({"state":)";
    append_json_string(json, table.states[state]);
    json += R"(,"since":)";
    json_codec<long long>::encode(json, since.time_since_epoch().count());
    json += R"(,"data":)";
    json += data;
    json += R"(,"allowed":)";
    json += list_of(allowed_events(table, state));
    json += '}';
    answer_with(on, "application/json", std::move(json));
}

void answer_diagram(exchange& on, const machine_table& table, std::string_view current,
                    diagram_format format) {
    const machine_diagram diagram = diagram_of(table);
    switch (format) {
        case diagram_format::page:
            return answer_with(on, "text/html; charset=utf-8", page_of(diagram, current));
        case diagram_format::svg:
            return answer_with(on, "image/svg+xml", diagram.svg(current));
        case diagram_format::mermaid:
            return answer_with(on, text_type, diagram.mermaid(current));
        case diagram_format::graphviz:
            return answer_with(on, text_type, diagram.graphviz(current));
    }
}

}  // namespace cloakroom
