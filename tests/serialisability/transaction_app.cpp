// SPDX-License-Identifier: MIT
#include "transaction_app.hpp"

#include "plan.hpp"
#include <cloakroom/async.hpp>
#include <cloakroom/session.hpp>
#include <cloakroom/status.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace cloakroom::serialisability {
namespace {

using run_count = std::atomic<std::uint64_t>;

std::string value_key(key_number key) {
    return "key" + std::to_string(key);
}

// Holds the version of the last erasure, so that who finds no value can tell whose work that is.
std::string grave_key(key_number key) {
    return "grave" + std::to_string(key);
}

observation read(const session& visitor, const plan& what) {
    observation result{.born = visitor.value("born", std::uint32_t{0}), .seen = {}};
    for (const step& each : what.steps) {
        version seen = visitor.value(value_key(each.key), as_begun);
        if (seen == as_begun) {
            seen = visitor.value(grave_key(each.key), as_begun);
        }
        result.seen.push_back(seen);
    }
    return result;
}

std::string owner_name(std::uint32_t owner) {
    return "owner" + std::to_string(owner);
}

void rename(session& visitor, const plan& what) {
    visitor.set("born", what.renamed_to);
    if (what.owner != 0) {
        visitor.elevate(owner_name(what.owner));
    } else {
        visitor.renew();
    }
}

void write(session& visitor, const plan& what) {
    for (const step& each : what.steps) {
        if (each.made == as_begun) {
            continue;
        }
        if (each.erases) {
            visitor.erase(value_key(each.key));
            visitor.set(grave_key(each.key), each.made);
        } else {
            visitor.set(value_key(each.key), each.made);
        }
    }
    if (what.renamed_to != 0) {
        rename(visitor, what);
    } else if (what.owner != 0) {
        visitor.end_all(owner_name(what.owner));
    }
    if (what.ends) {
        visitor.end();
    }
    if (what.fails) {
        throw http_error(status::unprocessable_content, "as planned");
    }
}

std::string perform(session& visitor, std::string_view text, service<run_count> runs) {
    ++*runs;
    const plan what = plan::parse(text);
    const observation saw = read(visitor, what);
    std::this_thread::yield();  // others come in between, also on few cores
    write(visitor, what);
    return saw.text();
}

task<std::string> perform_later(session& visitor, std::string_view text, service<run_count> runs) {
    ++*runs;
    const plan what = plan::parse(text);
    const observation saw = read(visitor, what);
    const auto here = co_await boost::asio::this_coro::executor;
    co_await boost::asio::post(here, boost::asio::use_awaitable);
    write(visitor, what);
    co_return saw.text();
}

}  // namespace

transaction_app::transaction_app() {
    provide(runs);
    log([](std::string_view) {});
    post("/begin/{number}", [](session& visitor, std::uint32_t number) {
        visitor.set("born", number);
        return "begun";
    });
    any("/plain/{plan}", &perform);
    any("/later/{plan}", &perform_later);
    any("/worker/{plan}", blocking(&perform));
    post("/again/{plan}", &perform).rerun_on_conflict();
}

}  // namespace cloakroom::serialisability
