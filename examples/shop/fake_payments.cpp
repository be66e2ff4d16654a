// SPDX-License-Identifier: MIT
// A payment service that gives trouble on purpose. It charges once for each Idempotency-Key and
// remembers the outcome; what can go wrong is that the shop does not hear of it.
//
//     examples/shop/run                      starts it, and the shop
//     curl http://127.0.0.1:8081/charges     what was charged
//
// The card that is used says what happens, so that a visitor can choose: "works", "declined",
// "fails" (charges, and then answers 503), "late" (charges, and answers when the shop has hung up),
// "repeats" (tells of each event twice, and of earlier ones again). --faults late,fails,works does
// so for all cards that work, one fault after the other, and begins again. Every answer takes
// --answer-time, as on a real network.
#include "milliseconds_option.hpp"
#include "payment_messages.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/async.hpp>
#include <cloakroom/json.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using cloakroom::field;

namespace {

struct charge {
    std::string order, key, receipt;
    int total = 0;
    int requests = 1;  // that asked for it
    static constexpr auto fields =
        cloakroom::fields(field("order", &charge::order), field("key", &charge::key),
                          field("receipt", &charge::receipt), field("total", &charge::total),
                          field("requests", &charge::requests));
};

struct verdict {
    bool is_first = false;
    std::string trouble;
    std::vector<shop::payment_event> events;  // of the order, the key's own last
};

// What has happened. It outlives the shop's processes, as the world does.
class ledger {
public:
    ledger(const std::string& faults, std::chrono::milliseconds answer,
           std::chrono::milliseconds late)
        : answer_time(answer), late_time(late) {
        std::istringstream list(faults);
        for (std::string each; std::getline(list, each, ',');) {
            faults_.push_back(each);
        }
    }

    const std::chrono::milliseconds answer_time;
    const std::chrono::milliseconds late_time;

    verdict decide(const shop::charge_request& asked, const std::string& key) {
        const std::lock_guard lock(mutex_);
        const std::string trouble = trouble_of(asked.card);
        auto& events = events_[asked.order];
        const auto [outcome, is_first] = outcomes_.try_emplace(key, events.size());
        if (is_first) {
            events.push_back(make_event(asked, key, trouble));
        } else if (const auto known = charge_of(key); known != charges_.end()) {
            ++known->requests;
        }
        const std::size_t own = outcome->second;
        verdict made{is_first, trouble, {events[own]}};
        if (trouble == "repeats") {
            made.events.assign(events.begin(), events.begin() + static_cast<long>(own) + 1);
            made.events.push_back(events[own]);
        }
        return made;
    }

    std::vector<charge> charges() {
        const std::lock_guard lock(mutex_);
        return charges_;
    }

private:
    std::vector<charge>::iterator charge_of(const std::string& key) {
        return std::find_if(charges_.begin(), charges_.end(),
                            [&](const charge& each) { return each.key == key; });
    }

    std::string trouble_of(const std::string& card) {
        const bool has_turn = card == "works" && !faults_.empty();
        return has_turn ? faults_[next_fault_++ % faults_.size()] : card;
    }

    shop::payment_event make_event(const shop::charge_request& asked, const std::string& key,
                                   const std::string& trouble) {
        shop::payment_event event;
        event.id = "event-" + std::to_string(++last_event_);
        if (trouble == "declined") {
            event.kind = shop::payment_kind::declined;
            event.reason = "Your bank has said no. Try another card.";
        } else {
            event.kind = shop::payment_kind::charged;
            event.receipt = "R-" + std::to_string(1000 + charges_.size());
            event.total = asked.total;
            event.lines = asked.lines;
            charges_.push_back({asked.order, key, event.receipt, asked.total});
        }
        return event;
    }

    std::mutex mutex_;
    std::vector<std::string> faults_;
    std::size_t next_fault_ = 0;
    int last_event_ = 0;
    std::map<std::string, std::size_t> outcomes_;  // by key: which of the order's events
    std::map<std::string, std::vector<shop::payment_event>> events_;  // by order
    std::vector<charge> charges_;
};

std::string key_of(const cloakroom::request& req) {
    const auto key = req.header("Idempotency-Key");
    if (!key || key->empty() || key->size() > 64) {
        throw cloakroom::http_error(cloakroom::status::bad_request,
                                    "Send an Idempotency-Key of 1 to 64 bytes.");
    }
    return std::string{*key};
}

cloakroom::task<cloakroom::response> take_charge(const cloakroom::request& req,
                                                 cloakroom::json_body<shop::charge_request> asked,
                                                 cloakroom::service<ledger> book) {
    const std::string key = key_of(req);
    const verdict made = book->decide(*asked, key);
    const bool is_late = made.is_first && made.trouble == "late";
    const auto pause = is_late ? book->late_time : book->answer_time;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, pause);
    co_await timer.async_wait(boost::asio::use_awaitable);
    if (made.is_first && made.trouble == "fails") {
        co_return cloakroom::response(cloakroom::status::service_unavailable);
    }
    std::string answer;
    cloakroom::json_codec<shop::charge_answer>::encode(answer, {made.events});
    co_return cloakroom::response(cloakroom::status::ok, std::move(answer), "application/json");
}

}  // namespace

int main(int argc, char** argv) {
    try {
        cloakroom::command_line arguments(argc, argv);
        const std::string faults = arguments.value("--faults", "", "for cards that work, in turn");
        const auto late =
            shop::milliseconds_option(arguments, "--late-time", "5000", "of a late answer");
        const auto usual =
            shop::milliseconds_option(arguments, "--answer-time", "100", "of other answers");
        const cloakroom::run_options options = arguments.run_options();

        ledger book(faults, usual, late);
        cloakroom::app app;
        app.provide(book);
        app.post("/charges", &take_charge);
        app.get("/charges", [](cloakroom::service<ledger> all) { return all->charges(); });
        app.health();
        return app.run(options);
    } catch (const cloakroom::setup_error& error) {
        return cloakroom::report(error);
    }
}
