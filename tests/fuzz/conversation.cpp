// SPDX-License-Identifier: MIT
// A whole connection to an app with routes, forms, JSON and sessions, without its socket.
// Property: however the bytes are cut into pieces, and whether or not the desk is given away
// between them, the responses are those of the bytes in one piece, unless one came before its
// request's content (ends_before_content); and each of them is well-formed.
// Input: a line of lengths (cut_text), then what the client sends.
#include "app/wire.hpp"
#include "response_list.hpp"
#include "target.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/async.hpp>
#include <cloakroom/form.hpp>
#include <cloakroom/json.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>
#include <cloakroom/text.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::fuzz {
namespace {

struct order {
    std::string sku;
    int quantity = 1;
    bool is_gift = false;
    std::optional<std::string> note;
    static constexpr auto fields =
        cloakroom::fields(field("sku", &order::sku), field("quantity", &order::quantity).optional(),
                          field("gift", &order::is_gift).optional(), field("note", &order::note));
};

std::string describe(const request& req) {
    std::string all = "seen: ";
    all += to_string(req.method());
    for (const std::string_view part : {req.path(), req.query(), req.host(), req.body()}) {
        all += " <" + std::string{part} + ">";
    }
    for (const field_view& each : req.headers()) {
        all += "\n" + std::string{each.name} + "=" + std::string{each.value};
    }
    return all;
}

std::string describe(const order& of) {
    return "order: " + of.sku + " " + std::to_string(of.quantity) + (of.is_gift ? " gift" : "") +
           of.note.value_or("");
}

void limit(app& to) {
    limits small;
    small.header_bytes = 400;
    small.header_count = 8;
    small.target_bytes = 80;
    small.body_bytes = 100;
    small.trailer_bytes = 40;
    to.limit(small);
}

void add_sessions(app& to) {
    session_options options;
    options.idle_time = std::chrono::hours{24};
    options.clock = [] { return session_time{std::chrono::seconds{1'800'000'000}}; };
    to.sessions(signed_cookie_sessions({.secret = "a secret of more than 32 characters"}),
                std::move(options));
    to.post("/visits", [](session& visitor) {
        visitor.set("count", visitor.value("count", 0) + 1);
        return "count: " + std::to_string(visitor.value("count", 0));
    });
    to.get("/visits",
           [](session& visitor) { return "count: " + std::to_string(visitor.value("count", 0)); });
    to.post("/end", [](session& visitor) {
        visitor.end();
        return "ended";
    });
}

void add_routes(app& to) {
    to.any("/", [](const request& req) { return describe(req); });
    to.any("/a/{rest...}", [](const request& req, std::string_view) { return describe(req); });
    to.get("/n/{number}", [](int number) { return "number: " + std::to_string(number); });
    to.get("/query", [](query<order> from) { return describe(*from); });
    to.post("/form", [](form_body<order> from) { return describe(*from); });
    to.post("/json", [](json_body<order> from) { return describe(*from); });
    to.get("/json", [] { return json{{"list", {1, 2, 3}}}; });
    to.any("/later", [](const request& req) -> task<std::string> {
        const auto here = co_await boost::asio::this_coro::executor;
        co_await boost::asio::post(here, boost::asio::use_awaitable);
        co_return describe(req);
    });
}

struct sample {
    sample() {
        served.log([](std::string_view) {});
        limit(served);
        add_sessions(served);
        add_routes(served);
    }
    app served;
};

outcome send(app& to, const std::vector<std::string_view>& pieces, bool parks) {
    wire one(to, parks);
    for (const std::string_view piece : pieces) {
        one.receive(piece);
    }
    return one.got();
}

constexpr std::string_view closed = "<closed>";

// The interim response may be left out when the content has come already. RFC 9110 section 10.1.1.
std::string final_responses(const outcome& of) {
    std::string all;
    for (const std::string_view each : responses_in(of.bytes)) {
        if (!each.starts_with("HTTP/1.1 100 ")) {
            all += each;
        }
    }
    return all.append(of.has_closed ? closed : "<open>");
}

bool awaits_continue(std::string_view text) {
    constexpr std::string_view wanted = "100-continue";
    while (text.size() >= wanted.size()) {
        if (equals_ignoring_case(text.substr(0, wanted.size()), wanted)) {
            return true;
        }
        text.remove_prefix(1);
    }
    return false;
}

// Who awaits "100 Continue" for what no handler takes is answered before the content comes, and as
// it is not known whether that comes then, the connection is closed. In one piece with its content,
// whole or not, the request is answered after that, and the connection stays.
bool ends_before_content(std::string_view in_pieces, std::string_view whole) {
    if (!in_pieces.ends_with(closed)) {
        return false;
    }
    in_pieces.remove_suffix(closed.size());
    const std::vector<std::string_view> responses = responses_in(in_pieces);
    if (responses.empty() ||
        responses.back().find("Connection: close\r\n") == std::string_view::npos) {
        return false;
    }
    in_pieces.remove_suffix(responses.back().size());
    return whole.starts_with(in_pieces);
}

}  // namespace

void check(std::string_view input) {
    static sample served_by_all;
    app& served = served_by_all.served;
    const cut_text text(input);
    const std::string whole = final_responses(send(served, {text.whole}, false));
    for (const bool parks : {false, true}) {
        const std::string in_pieces = final_responses(send(served, text.pieces(), parks));
        if (!awaits_continue(text.whole) || !ends_before_content(in_pieces, whole)) {
            require_same(in_pieces, whole, "the pieces are answered as the whole is");
        }
    }
}

}  // namespace cloakroom::fuzz
