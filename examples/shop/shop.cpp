// SPDX-License-Identifier: MIT
// A shop whose visitors are charged once, whatever they press and whatever breaks. What they may do
// is checkout.hpp's, how it looks pages.cpp's; here is which request is which event.
//
//     scripts/run shop                       the shop and a payment service that gives trouble
//
// A page can be asked for at any time and leads to where the purchase is. What changes something is
// a POST, which is one event. POST /pay charges nothing: it commits that the visitor has said yes.
// Only then POST /payment asks the payment service, by a key that is in the session already. So
// whatever ends in between, it can be asked for again: by the script of the page, by its button, by
// another process after a crash.
#include "../session_store_option.hpp"
#include "assets.hpp"
#include "checkout.hpp"
#include "milliseconds_option.hpp"
#include "pages.hpp"
#include "payment_client.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/async.hpp>
#include <cloakroom/csrf.hpp>
#include <cloakroom/form.hpp>
#include <cloakroom/machine_routes.hpp>

#include <string>
#include <string_view>
#include <utility>

using namespace shop;
using cloakroom::redirect, cloakroom::response, cloakroom::session;

namespace {

// The page of one state; in another, the way to its page.
template <class State>
response show(const purchase& now, session& visitor) {
    return now.is<State>() ? page_of(now, visitor) : redirect(path_of(now));
}

// What all forms have: the id of the event that they are.
struct submission {
    std::string once;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("once", &submission::once));
};

template <class Event>
response answer(purchase& now, const Event& event, const submission& sent) {
    const cloakroom::event_outcome outcome = now.try_apply(event, sent.once);
    return outcome ? redirect(path_of(now)) : page_of_refusal(now, outcome.reason);
}

template <class Event>
response give(purchase& now, cloakroom::form_body<Event> event,
              cloakroom::form_body<submission> sent) {
    return answer(now, *event, *sent);
}

template <class Event>
response give_empty(purchase& now, cloakroom::form_body<submission> sent) {
    return answer(now, Event{}, *sent);
}

void take(purchase& now, const payment_event& told) {
    if (told.kind == payment_kind::charged) {
        now.apply(confirm{told.receipt, told.total, told.lines}, told.id);
    } else {
        now.apply(decline{told.reason}, told.id);
    }
}

cloakroom::task<response> make_payment(purchase& now, session& visitor,
                                       cloakroom::service<payment_client> payments) {
    const charging* state = now.get_if<charging>();
    if (state == nullptr) {
        co_return redirect(path_of(now));
    }
    charge_request asked{state->order.id, state->total, state->card, state->order.lines};
    std::string key = state->order.key();
    const payment_result result = co_await payments->charge(std::move(asked), std::move(key));
    for (const payment_event& each : result.events) {
        take(now, each);  // does nothing for what is known already
    }
    if (now.is<charging>()) {
        co_return page_of_failure(now, visitor, result.outcome);
    }
    co_return redirect(path_of(now));
}

// All may run again when another tab was faster: an event is looked at in the state that the other
// one left, and `make_payment` asks by a key, of which the payment service charges one.
void add_events(cloakroom::router& to) {
    to.post("/cart/add", &give<add_line>).rerun_on_conflict();
    to.post("/cart/remove", &give<remove_line>).rerun_on_conflict();
    to.post("/check-out", &give_empty<check_out>).rerun_on_conflict();
    to.post("/back", &give_empty<back>).rerun_on_conflict();
    to.post("/pay", &give<pay>).rerun_on_conflict();
    to.post("/payment", &make_payment).rerun_on_conflict();
    to.post("/start-over", &give_empty<start_over>).rerun_on_conflict();
}

void add_pages(cloakroom::router& to) {
    to.get("/", &show<browsing>);
    to.get("/pay", &show<paying>);
    to.get("/payment", &show<charging>);
    to.get("/receipt", &show<paid>);
    to.after([](const cloakroom::request& /*req*/, response& res) {
        res.set("Cache-Control", "no-store");  // so that the back button shows what is
    });
    to.get("/token", [](session& visitor) {  // for curl -H @token, and /checkout below
        return "X-CSRF-Token: " + cloakroom::csrf_token(visitor);
    });
}

void add_assets(cloakroom::router& to) {
    to.get("/shop.css",
           [] { return response().set("Content-Type", "text/css").body_view(style_sheet); });
    to.get("/shop.js",
           [] { return response().set("Content-Type", "text/javascript").body_view(script); });
}

}  // namespace

int main(int argc, char** argv) {
    try {
        cloakroom::command_line arguments(argc, argv);
        const std::string kind = arguments.value("--sessions", "sealed", session_kinds);
        const std::string secret = arguments.value("--secret", "your secret key", "makes cookies");
        const std::string payments =
            arguments.value("--payments", "http://127.0.0.1:8081", "the payment service");
        const auto patience =
            milliseconds_option(arguments, "--payment-time", "2000", "for it to answer");
        const cloakroom::run_options options = arguments.run_options();

        cloakroom::app app;
        payment_client client(payments, patience);
        app.provide(client);
        use_sessions(app, kind, secret);
        app.use(cloakroom::csrf());
        app.error_pages(&page_of_error);
        app.after([](const cloakroom::request& /*req*/, response& res) {
            res.set("Content-Security-Policy",
                    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; "
                    "connect-src 'self'; "
                    "img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
            res.set("X-Content-Type-Options", "nosniff");
        });
        app.group("", &add_pages);
        app.group("", &add_events);
        app.machine<checkout>("/checkout");  // the same as JSON, and its diagram
        add_assets(app);
        app.health();
        return app.run(options);
    } catch (const cloakroom::setup_error& error) {
        return cloakroom::report(error);
    }
}
