// SPDX-License-Identifier: MIT
#include "pipeline_scenarios.hpp"

#include "counting_machine.hpp"
#include "github_routes.hpp"
#include <cloakroom/flask_cookie_sessions.hpp>
#include <cloakroom/form.hpp>
#include <cloakroom/json.hpp>
#include <cloakroom/machine_routes.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/sealed_cookie_sessions.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>

#include <array>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace {

using cloakroom::app;
using cloakroom::field;
using cloakroom::method;
using cloakroom::request;
using cloakroom::response;
using cloakroom::session;
using cloakroom::status;

constexpr const char* secret = "a secret for benchmarks, of 32 chars";

void hello(app& made) {
    made.get("/", [] { return "Hello, World!"; });
}

void placeholder_json(app& made) {
    made.get("/users/{id}", [](int id) { return cloakroom::json{{"id", id}}; });
}

// A table of usual size. Handlers take as many placeholders as their pattern has.
void github_table(app& made) {
    for (const route_line& line : github_routes()) {
        const cloakroom::runtime_pattern path{line.pattern};
        switch (cloakroom::count_placeholders(line.pattern)) {
            case 0:
                made.on(line.verb, path, [] { return "0"; });
                break;
            case 1:
                made.on(line.verb, path, [](std::string_view) { return "1"; });
                break;
            case 2:
                made.on(line.verb, path, [](std::string_view, std::string_view) { return "2"; });
                break;
            case 3:
                made.on(line.verb, path,
                        [](std::string_view, std::string_view, std::string_view) { return "3"; });
                break;
            default:
                made.on(line.verb, path,
                        [](std::string_view, std::string_view, std::string_view, std::string_view) {
                            return "4";
                        });
        }
    }
}

std::string visits(session& visitor) {
    const int count = visitor.value("count", 0) + 1;
    visitor.set("count", count);
    return "You have visited " + std::to_string(count) + " times.";
}

void counter_memory(app& made) {
    made.sessions(cloakroom::memory_sessions());
    made.get("/", &visits);
}

void counter_signed(app& made) {
    made.sessions(cloakroom::signed_cookie_sessions({.secret = secret}));
    made.get("/", &visits);
}

void counter_sealed(app& made) {
    made.sessions(cloakroom::sealed_cookie_sessions({.secret = secret}));
    made.get("/", &visits);
}

void counter_flask(app& made) {
    made.sessions(cloakroom::flask_cookie_sessions({.secret = secret}));
    made.get("/", &visits);
}

void machine_event(app& made) {
    made.sessions(cloakroom::memory_sessions());
    made.machine<counting_machine::flow>("/flow");
}

struct line {
    std::string sku;
    int quantity = 1;
    static constexpr auto fields =
        cloakroom::fields(field("sku", &line::sku), field("quantity", &line::quantity));
};

struct order {
    std::string customer;
    std::vector<line> lines;
    static constexpr auto fields =
        cloakroom::fields(field("customer", &order::customer), field("lines", &order::lines));
};

void json_body(app& made) {
    made.post("/orders", [](cloakroom::json_body<order> body) { return *std::move(body); });
}

struct login {
    std::string name;
    std::string password;
    bool stays = false;
    static constexpr auto fields =
        cloakroom::fields(field("name", &login::name), field("password", &login::password),
                          field("stays", &login::stays).optional());
};

void form(app& made) {
    made.post("/login", [](cloakroom::form_body<login> body) { return body->name; });
}

// What many apps have: something on all requests, on a group, and on the route.
void middleware_chain(app& made) {
    made.before([](const request& req) -> std::optional<response> {
        return req.target().size() > 1'000 ? std::optional{response(status::uri_too_long)}
                                           : std::nullopt;
    });
    made.after([](const request&, response& res) { res.set("X-Frame-Options", "DENY"); });
    made.group("/admin", [](cloakroom::router& admin) {
        admin.before([](const request& req) -> std::optional<response> {
            return req.header("Authorization") ? std::nullopt
                                               : std::optional{response(status::unauthorized)};
        });
        admin.after([](const request&, response& res) { res.set("Cache-Control", "no-store"); });
        admin.get("/users", [] { return "Hello, World!"; })
            .before([](const request& req) -> std::optional<response> {
                return req.header("Accept") ? std::nullopt
                                            : std::optional{response(status::not_acceptable)};
            })
            .after([](const request&, response& res) { res.set("X-Answer", "42"); });
    });
}

constexpr std::string_view usual_fields =
    "Host: 127.0.0.1:8080\r\nUser-Agent: bench\r\nAccept: */*\r\n";

// With the usual three, twelve.
constexpr std::string_view browser_fields =
    "Accept-Language: en-US,en;q=0.5\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Connection: keep-alive\r\n"
    "Cookie: session=MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI; theme=dark\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
    "Sec-Fetch-Dest: document\r\n"
    "Sec-Fetch-Mode: navigate\r\n"
    "Sec-Fetch-Site: none\r\n"
    "Priority: u=0, i\r\n";

constexpr std::string_view order_text =
    R"({"customer":"octocat","lines":[{"sku":"apple","quantity":2},)"
    R"({"sku":"pear","quantity":1},{"sku":"plum","quantity":12}]})";

constexpr auto scenarios = std::to_array<pipeline_scenario>({
    {.name = "hello", .set_up = &hello, .target = "/"},
    {.name = "hello_16_pipelined", .set_up = &hello, .target = "/", .pipelined = 16},
    {.name = "hello_browser", .set_up = &hello, .target = "/", .more_fields = browser_fields},
    {.name = "404", .set_up = &hello, .target = "/nowhere", .expected = status::not_found},
    {.name = "placeholder_json", .set_up = &placeholder_json, .target = "/users/7"},
    {.name = "github_table",
     .set_up = &github_table,
     .target = "/repos/octocat/hello-world/issues/1347/comments"},
    {.name = "middleware_chain",
     .set_up = &middleware_chain,
     .target = "/admin/users",
     .more_fields = "Authorization: Bearer 0123456789\r\n"},
    {.name = "json_body",
     .set_up = &json_body,
     .target = "/orders",
     .verb = method::post,
     .content_type = "application/json",
     .body = order_text},
    {.name = "form",
     .set_up = &form,
     .target = "/login",
     .verb = method::post,
     .content_type = "application/x-www-form-urlencoded",
     .body = "name=Ada+Lovelace&password=correct%20horse&stays=on"},
    {.name = "counter_memory", .set_up = &counter_memory, .target = "/"},
    {.name = "counter_signed", .set_up = &counter_signed, .target = "/"},
    {.name = "counter_sealed", .set_up = &counter_sealed, .target = "/"},
    {.name = "counter_flask", .set_up = &counter_flask, .target = "/"},
    {.name = "machine_event",
     .set_up = &machine_event,
     .target = "/flow/events/count",
     .verb = method::post,
     .content_type = "application/json",
     .body = R"({"by":1})"},
});

std::string request_of(const pipeline_scenario& scenario, const std::string& cookies) {
    std::string bytes{cloakroom::to_string(scenario.verb)};
    bytes.append(" ").append(scenario.target).append(" HTTP/1.1\r\n").append(usual_fields);
    bytes.append(scenario.more_fields);
    if (!cookies.empty()) {
        bytes.append("Cookie: ").append(cookies).append("\r\n");
    }
    if (!scenario.body.empty()) {
        bytes.append("Content-Type: ").append(scenario.content_type);
        bytes.append("\r\nContent-Length: ").append(std::to_string(scenario.body.size()));
        bytes.append("\r\n");
    }
    return bytes.append("\r\n").append(scenario.body);
}

// As a Cookie field has those that a response sets.
std::string cookies_of(std::string_view response_bytes) {
    constexpr std::string_view name = "\r\nSet-Cookie: ";
    std::string list;
    for (std::size_t at = response_bytes.find(name); at != std::string_view::npos;
         at = response_bytes.find(name, at)) {
        at += name.size();
        list += list.empty() ? "" : "; ";
        list += response_bytes.substr(at, response_bytes.find(';', at) - at);
    }
    return list;
}

// The app of a client is set up before it.
app& set_up(app& made, const pipeline_scenario& scenario) {
    scenario.set_up(made);
    return made;
}

}  // namespace

std::span<const pipeline_scenario> pipeline_scenarios() noexcept {
    return scenarios;
}

pipeline_visitor::pipeline_visitor(const pipeline_scenario& scenario)
    : client_(set_up(app_, scenario)),
      status_line_("HTTP/1.1 " +
                   std::to_string(static_cast<unsigned>(to_number(scenario.expected))) + " "),
      pipelined_(scenario.pipelined) {
    const std::string first = client_.send_raw({request_of(scenario, {})});
    const std::string again = request_of(scenario, cookies_of(first));
    for (std::size_t each = 0; each < pipelined_; ++each) {
        bytes_ += again;
    }
    if (const std::string second = send(); !is_answer(second)) {
        throw std::runtime_error(std::string{scenario.name} + " is answered by:\n" + second);
    }
}

bool pipeline_visitor::is_answer(std::string_view responses) const {
    std::size_t count = 0;
    for (std::size_t at = responses.find(status_line_); at != std::string_view::npos;
         at = responses.find(status_line_, at + 1)) {
        ++count;
    }
    return count == pipelined_;
}
