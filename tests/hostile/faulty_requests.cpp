// SPDX-License-Identifier: MIT
#include "faulty_requests.hpp"

#include "app/observed_store.hpp"
#include "machine/checkout.hpp"
#include <cloakroom/async.hpp>
#include <cloakroom/csrf.hpp>
#include <cloakroom/flask_cookie_sessions.hpp>
#include <cloakroom/form.hpp>
#include <cloakroom/idempotent.hpp>
#include <cloakroom/json_fields.hpp>
#include <cloakroom/machine_routes.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/owned_sessions.hpp>
#include <cloakroom/sealed_cookie_sessions.hpp>
#include <cloakroom/session_revocations.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <utility>

namespace cloakroom::hostile {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view secret = "01234567890123456789012345678901 no secret";

struct order {
    std::string customer;
    std::vector<std::string> lines;
    static constexpr auto fields =
        cloakroom::fields(field("customer", &order::customer), field("lines", &order::lines));
};

struct address {
    std::string street;
    int number = 0;
    static constexpr auto fields =
        cloakroom::fields(field("street", &address::street), field("number", &address::number));
};

std::shared_ptr<session_store> make_store(store_kind kind) {
    switch (kind) {
        case store_kind::memory:
        case store_kind::waiting:
            break;
        case store_kind::signed_cookie:
            return signed_cookie_sessions({.secret = std::string{secret}});
        case store_kind::sealed_cookie:
            return sealed_cookie_sessions({.secret = std::string{secret}});
        case store_kind::flask_cookie:
            return flask_cookie_sessions({.secret = std::string{secret}});
        case store_kind::revocable:
            return signed_cookie_sessions(
                {.secret = std::string{secret},
                 .spill_to = memory_sessions(),
                 .revocations =
                     revocation_setting{std::shared_ptr<session_revocations>{memory_revocations()},
                                        when_unknown::refuse}});
    }
    return memory_sessions();
}

std::string visit(session& visitor) {
    const int count = visitor.value("count", 0) + 1;
    visitor.set("count", count);
    return "visit number " + std::to_string(count);
}

// More than a cookie holds, unless it is deflated.
std::string note_of_visit() {
    std::string note;
    for (unsigned line = 0; line < 400; ++line) {
        note += "line " + std::to_string(line) + "\n";
    }
    return note;
}

task<void> wait_a_moment() {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 50us);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

// JSON without nlohmann_json, whose destructor needs memory (3.11: it throws, which ends the process).
void add_plain_routes(app& to) {
    to.get("/text", [] { return "a text that is no short string, so that it needs memory"; });
    to.get("/missing/page", [] { return "never asked for"; });
    to.get("/people/{name}/{number}", [](const std::string& name, int number) {
        return name + " has the number " + std::to_string(number);
    });
    to.get("/find", [](const query<address>& asked) { return asked->street; });
    to.post("/form", [](const form_body<address>& sent) { return sent->street; });
    to.post("/json", [](const request& req) {
        order sent;
        std::vector<field_error> errors;
        std::string text;
        if (read_json(req.body(), sent, errors) == json_outcome::read) {
            write_json(text, sent);
        }
        return text;
    });
    to.post("/echo", [](const request& req) { return std::string{req.body()}; });
    to.get("/large", [] { return std::string(3'000'000, 'x'); });
    to.get("/error", []() -> std::string { throw std::runtime_error("it does not work today"); });
    to.get("/soon/{text}", [](std::string text) -> task<std::string> {
        co_await wait_a_moment();
        co_await wait_a_moment();
        co_return "after a while: " + text;
    });
    to.get("/at-once", []() -> task<std::string> { co_return "a coroutine that does not wait"; });
    to.get("/worker/{text}", blocking([](std::string text) { return "by a worker: " + text; }));
}

void add_visits(app& to) {
    to.get("/visits", &visit);
    to.get("/visits/worker", blocking(&visit));
    to.get("/visits/soon", [](session& visitor) -> task<std::string> {
        co_await wait_a_moment();
        co_return visit(visitor);
    });
    to.post("/visits/renewed", [](session& visitor) {
        visitor.elevate("ada");
        return visit(visitor);
    });
    to.get("/visits/noted", [](session& visitor) {
        visitor.set("note", note_of_visit());
        return visit(visitor);
    });
    to.get("/visits/flashed", [](session& visitor) {
        static_cast<void>(visitor.take_flashes());
        visitor.flash("a text for the next page that is no short string");
        visitor.flash("another text for the next page");
        return visit(visitor);
    });
    to.post("/visits/once", &visit).use(idempotent({.best_effort = true}));
    to.post("/visits/alone", [](session& visitor) {
        if (visitor.owner().empty()) {
            visitor.elevate("ada");
        }
        visitor.end_others();
        return visit(visitor);
    });
    to.post("/guarded", &visit).use(csrf());
    to.machine<checkout_test::checkout>("/checkout");
}

// Takes a store with an index by owner.
void add_devices(app& to) {
    to.post("/visits/devices", [](session& visitor, const owned_sessions& all) {
        if (visitor.owner().empty()) {
            visitor.elevate("ada");
        }
        return all.size() > 1 ? std::string{"another one's"} : visit(visitor);
    });
}

std::function<std::string(unsigned)> always(std::string body) {
    return [body = std::move(body)](unsigned) { return body; };
}

std::string visit_body(unsigned count) {
    return "visit number " + std::to_string(count);
}

std::string machine_body(unsigned count) {
    std::string lines;
    for (unsigned each = 0; each < count; ++each) {
        lines += std::string{each == 0 ? "" : ","} + R"({"quantity":2,"sku":"apple"})";
    }
    return R"({"state":"browsing","since":1800000000,"data":{"lines":[)" + lines +
           R"(]},"allowed":["add_line","check_out","cancel"]})";
}

std::string chunked(std::size_t chunks) {
    std::string text;
    for (std::size_t each = 0; each < chunks; ++each) {
        text += "3E8;x=y\r\n" + std::string(1'000, 'c') + "\r\n";
    }
    return text + "0\r\nX-Sum: 1\r\n\r\n";
}

std::string with_length(std::string line, std::size_t bytes, std::string_view type) {
    return line + " HTTP/1.1\r\nContent-Type: " + std::string{type} +
           "\r\nContent-Length: " + std::to_string(bytes) + "\r\n";
}

void add_plain_kinds(std::vector<request_kind>& to) {
    const std::string get = " HTTP/1.1\r\n";
    to.push_back({.name = "Text",
                  .head = "GET /text" + get,
                  .body = always("a text that is no short string, so that it needs memory")});
    to.push_back(
        {.name = "Head", .head = "HEAD /text" + get, .body = always(""), .has_body = false});
    to.push_back({.name = "Path",
                  .head = "GET /people/ada%20of%20a%20very%20long%20name/7" + get,
                  .body = always("ada of a very long name has the number 7")});
    to.push_back({.name = "Query",
                  .head = "GET /find?street=the%20long%20street%20of%20the%20town&number=3" + get,
                  .body = always("the long street of the town")});
    const std::string form = "street=the+long+street+of+the+town&number=3";
    to.push_back(
        {.name = "Form",
         .head = with_length("POST /form", form.size(), "application/x-www-form-urlencoded"),
         .content = form,
         .body = always("the long street of the town")});
    const std::string json = R"({"customer":"a customer of a long name","lines":["a line that)"
                             R"( is long too","b"]})";
    to.push_back({.name = "Json",
                  .head = with_length("POST /json", json.size(), "application/json"),
                  .content = json,
                  .body = always(json)});
    to.push_back({.name = "Chunks",
                  .head = "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n",
                  .content = chunked(100),
                  .body = always(std::string(100'000, 'c'))});
    to.push_back({.name = "LargeResponse",
                  .head = "GET /large" + get,
                  .body = always(std::string(3'000'000, 'x'))});
}

void add_failing_kinds(std::vector<request_kind>& to) {
    const std::string get = " HTTP/1.1\r\n";
    to.push_back({.name = "NotFound",
                  .head = "GET /nowhere" + get,
                  .body = always(R"({"title":"Not Found","status":404})"),
                  .status = 404});
    to.push_back(
        {.name = "Options", .head = "OPTIONS /text" + get, .body = always(""), .status = 204});
    to.push_back(
        {.name = "Csrf",
         .head = "POST /guarded HTTP/1.1\r\nContent-Length: 0\r\n",
         .body = always(R"({"title":"Forbidden","status":403,"detail":"The request has no )"
                        R"(CSRF token. Send it as the form's csrf_token, or as the header )"
                        R"(field X-CSRF-Token."})"),
         .status = 403});
    to.push_back({.name = "Error",
                  .head = "GET /error" + get,
                  .body = always(R"({"title":"Internal Server Error","status":500})"),
                  .status = 500});
    to.push_back({.name = "ErrorPage",
                  .head = "GET /nowhere HTTP/1.1\r\nAccept: text/html\r\nX-Page: own\r\n",
                  .body = always("the page of the app for errors of all kinds"),
                  .status = 404});
    to.push_back({.name = "Refused",
                  .head = "GET /text HTTP/1.1\r\nContent-Length: many\r\n",
                  .body = always(R"({"title":"Bad Request","status":400,"detail":)"
                                 R"("Content-Length is not one decimal number."})"),
                  .status = 400});
}

void add_waiting_kinds(std::vector<request_kind>& to) {
    const std::string get = " HTTP/1.1\r\n";
    to.push_back({.name = "Coroutine",
                  .head = "GET /soon/a-text-that-is-no-short-string" + get,
                  .body = always("after a while: a-text-that-is-no-short-string"),
                  .runs_coroutines = true});
    to.push_back({.name = "CoroutineThatDoesNotWait",
                  .head = "GET /at-once" + get,
                  .body = always("a coroutine that does not wait"),
                  .runs_coroutines = true});
    to.push_back({.name = "Worker",
                  .head = "GET /worker/a-text-that-is-no-short-string" + get,
                  .body = always("by a worker: a-text-that-is-no-short-string")});
}

request_kind visits(std::string name, std::string head, store_kind store) {
    return {.name = std::move(name),
            .head = std::move(head),
            .body = &visit_body,
            .store = store,
            .counts_visits = true,
            .runs_coroutines = store == store_kind::waiting};
}

void add_session_kinds(std::vector<request_kind>& to) {
    const std::string get = "GET /visits HTTP/1.1\r\n";
    to.push_back(visits("Memory", get, store_kind::memory));
    to.push_back(visits("Waiting", get, store_kind::waiting));
    to.push_back(visits("Signed", get, store_kind::signed_cookie));
    to.push_back(visits("Sealed", get, store_kind::sealed_cookie));
    to.push_back(visits("Flask", get, store_kind::flask_cookie));
    to.push_back(visits("Revocable", get, store_kind::revocable));
    to.push_back(visits("MemoryByAWorker", "GET /visits/worker HTTP/1.1\r\n", store_kind::memory));
    to.push_back(visits("MemoryByACoroutine", "GET /visits/soon HTTP/1.1\r\n", store_kind::memory));
    to.back().runs_coroutines = true;
    const std::string post = " HTTP/1.1\r\nContent-Length: 0\r\n";
    to.push_back(visits("LogIn", "POST /visits/renewed" + post, store_kind::memory));
    to.push_back(visits("LogInSigned", "POST /visits/renewed" + post, store_kind::revocable));
    to.push_back(visits("Flashed", "GET /visits/flashed HTTP/1.1\r\n", store_kind::memory));
    const std::string noted = "GET /visits/noted HTTP/1.1\r\n";
    to.push_back(visits("Spilled", noted, store_kind::revocable));
    to.push_back(visits("FlaskDeflated", noted, store_kind::flask_cookie));
    to.push_back(visits(
        "Once", "POST /visits/once HTTP/1.1\r\nContent-Length: 0\r\nIdempotency-Key: \"key\"\r\n",
        store_kind::memory));
    to.back().body = always(visit_body(1));
    to.push_back(visits("EndOthers", "POST /visits/alone" + post, store_kind::memory));
    to.push_back(visits("EndOthersRevocable", "POST /visits/alone" + post, store_kind::revocable));
    to.push_back(visits("Devices", "POST /visits/devices" + post, store_kind::memory));
    const std::string event = R"({"sku":"apple","quantity":2})";
    to.push_back(visits(
        "Machine", with_length("POST /checkout/events/add_line", event.size(), "application/json"),
        store_kind::memory));
    to.back().content = event;
    to.back().body = &machine_body;
}

}  // namespace

std::string request_kind::text(std::string_view cookie) const {
    std::string made = head + "Host: h\r\n";
    if (!cookie.empty()) {
        made += "Cookie: session=" + std::string{cookie} + "\r\n";
    }
    return made + "\r\n" + content;
}

void PrintTo(const request_kind& kind, std::ostream* out) {
    *out << kind.name;
}

std::vector<request_kind> request_kinds() {
    std::vector<request_kind> all;
    add_plain_kinds(all);
    add_failing_kinds(all);
    add_waiting_kinds(all);
    add_session_kinds(all);
    return all;
}

faulty_app::faulty_app(store_kind store) {
    session_options options;
    options.clock = [] { return session_time{1'800'000'000s}; };
    if (store == store_kind::waiting) {
        under_test.sessions(std::make_shared<waiting_store>(make_store(store)), options);
    } else {
        under_test.sessions(make_store(store), options);
    }
    under_test.log([](std::string_view) {});
    under_test.error_pages([](const request& req, const problem&) -> std::optional<response> {
        if (req.header("X-Page").value_or("") != "own") {
            return std::nullopt;
        }
        return response{status::ok, "the page of the app for errors of all kinds", "text/plain"};
    });
    add_plain_routes(under_test);
    add_visits(under_test);
    if (store == store_kind::memory) {
        add_devices(under_test);
    }
}

}  // namespace cloakroom::hostile
