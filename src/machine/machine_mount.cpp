// SPDX-License-Identifier: MIT
#include "message/json_content.hpp"
#include <cloakroom/diagram.hpp>
#include <cloakroom/idempotent.hpp>
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

std::string_view content_of(const request& req) {
    return req.body().empty() ? "{}" : json_content(req);
}

[[noreturn]] void refuse_unknown_event(const machine_table& table, std::string_view event) {
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

void answer_state(exchange& on, const machine_base& with) {
    std::string json = R"({"state":)";
    append_json_string(json, with.state_name());
    json += R"(,"since":)";
    json_codec<long long>::encode(json, with.since().time_since_epoch().count());
    json += R"(,"data":)";
    with.append_data(json);
    json += R"(,"allowed":)";
    json += list_of(with.allowed());
    json += '}';
    answer_with(on, "application/json", std::move(json));
}

enum class diagram_format { page, svg, mermaid, graphviz };

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

// The endpoints. Their targets are a mounted_machine, or one of its events.

struct mounted_event {
    mounted_machine of;
    std::size_t index;
    event_function give;
};

void show(const void* target, exchange& on) {
    const auto& at = *static_cast<const mounted_machine*>(target);
    answer_state(on, at.find(at, on));
}

template <diagram_format Format>
void draw(const void* target, exchange& on) {
    const auto& at = *static_cast<const mounted_machine*>(target);
    answer_diagram(on, *at.table, at.find(at, on).state_name(), Format);
}

void give(const void* target, exchange& on) {
    const auto& event = *static_cast<const mounted_event*>(target);
    machine_base& to = event.of.find(event.of, on);
    event.give(on.request(), event.index, to);
    answer_state(on, to);
}

void refuse(const void* target, exchange& on) {
    const auto& at = *static_cast<const mounted_machine*>(target);
    refuse_unknown_event(*at.table, on.path_value(at.prefix_placeholders));
}

}  // namespace

void read_content(const request& req, void* event,
                  void (*read)(json_text_reader& from, void* object)) {
    std::vector<field_error> errors;
    switch (read_json_object(content_of(req), event, read, &errors)) {
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

machine_mount::machine_mount(router routes, const mounted_machine& at,
                             const event_function* functions)
    : routes_(std::move(routes)), at_(at), events_(at.table->events.size()) {
    at_.prefix_placeholders = count_placeholders(routes_.prefix_);
    const auto target = std::make_shared<const mounted_machine>(at_);
    add(method::get, "/", &show, target);
    add(method::get, "/diagram", &draw<diagram_format::page>, target);
    add(method::get, "/diagram.svg", &draw<diagram_format::svg>, target);
    add(method::get, "/diagram.mmd", &draw<diagram_format::mermaid>, target);
    add(method::get, "/diagram.dot", &draw<diagram_format::graphviz>, target);
    for (std::size_t index = 0; index < events_.size(); ++index) {
        if ((at.table->internal_events >> index & 1U) != 0) {
            continue;
        }
        const std::string path = "/events/" + std::string{at.table->events[index]};
        const mounted_event event{at_, index, functions[index]};
        events_[index] =
            &add(method::post, path, &give, std::make_shared<const mounted_event>(event));
        // What a transition does beyond the session waits for the commit, so it may run again.
        events_[index]->rerun_on_conflict().use(idempotent({.best_effort = true}));
    }
    add(method::post, "/events/{event}", &refuse, target);
}

route& machine_mount::add(method verb, std::string_view path, endpoint::function call,
                          std::shared_ptr<const void> target) {
    needs needed;
    parameter<session>::declare(needed);
    return routes_.add_route(verb, path, at_.prefix_placeholders + count_placeholders(path),
                             endpoint(call, std::move(target), std::move(needed), false));
}

}  // namespace cloakroom
