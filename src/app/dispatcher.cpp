// SPDX-License-Identifier: MIT
#include "app/dispatcher.hpp"

#include "message/problem.hpp"
#include "routing/path.hpp"
#include "session/transaction.hpp"
#include <cloakroom/setup_error.hpp>

#include <cxxabi.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <utility>

namespace cloakroom {
namespace {

using kind = resolved_route::kind;
using verdict = session_transaction::verdict;

std::string readable_name(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> name(
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
    return name ? std::string{name.get()} : std::string{type.name()};
}

std::string allow_value(std::uint16_t methods) {
    std::string list;
    methods |= static_cast<std::uint16_t>(1U << static_cast<unsigned>(method::options));
    for (std::size_t index = 0; index < method_count; ++index) {
        if ((methods >> index & 1U) != 0) {
            list += list.empty() ? "" : ", ";
            list += to_string(static_cast<method>(index));
        }
    }
    return list;
}

std::string retry_after() {
    return "1";  // seconds: a full queue and a store that is away are usually short
}

}  // namespace

dispatcher::dispatcher(const route_table& routes, const app_setup& setup, bool is_development)
    : setup_(&setup), table_(&routes) {
    routes_.resize(routes.routes().size());
    for (std::size_t index = 0; index < routes_.size(); ++index) {
        resolve(routes.routes()[index], routes_[index]);
        const std::optional<method> verb = routes.routes()[index].method_;
        all_methods_ |=
            static_cast<std::uint16_t>(verb ? 1U << static_cast<unsigned>(*verb) : 0b1'0001'1101U);
    }
    all_methods_ |= static_cast<std::uint16_t>((all_methods_ & 1U) << 1U);  // HEAD from GET
    const cloakroom::route nothing;
    for (const auto& [into, what] :
         {std::pair{&no_path_, kind::no_path}, std::pair{&no_method_, kind::no_method},
          std::pair{&options_, kind::options}, std::pair{&malformed_, kind::malformed}}) {
        resolve(nothing, *into);
        into->what = what;
        into->handler = nullptr;
    }
    if (setup.backend) {
        cookie example{.name = setup.sessions.cookie_name, .value = "value"};
        example.name.insert(0, is_development ? "" : "__Host-");
        example.secure = !is_development;
        example.same_site = setup.sessions.same_site;
        if (setup.sessions.persistent) {
            example.max_age = setup.sessions.idle_time;
        }
        cookie_name_ = example.name;
        cookie_attributes_ = to_string(example).substr(cookie_name_.size() + 1 + 5);
        setup.backend->prepare({cookie_name_, is_development});
    }
}

void dispatcher::resolve(const cloakroom::route& from, resolved_route& into) const {
    into.handler = &from.endpoint_;
    into.chain = table_->chain(from.scope_);
    for (const middleware& each : from.middleware_) {
        into.chain.push_back(&each);
    }
    if (into.chain.size() > 255) {
        throw setup_error("a route has more than 255 middleware: " + from.pattern_);
    }
    into.body_bytes = from.body_bytes_.value_or(setup_->limits.body_bytes);
    into.reruns = from.reruns_;
    check_needs(from.endpoint_.needed(), from, into);
    for (const middleware* each : into.chain) {
        check_needs(each->needed(), from, into);
    }
}

void dispatcher::check_needs(const needs& needed, const cloakroom::route& of,
                             resolved_route& into) const {
    const std::string name =
        std::string{of.method_ ? to_string(*of.method_) : std::string_view{"any"}} + " " +
        of.pattern_;
    if (needed.session && !setup_->backend) {
        throw setup_error("the route " + name +
                          " takes a session, but the app keeps none: call app.sessions(...) with a "
                          "store, for example cloakroom::memory_sessions()");
    }
    into.uses_session = into.uses_session || needed.session;
    for (const std::type_info* type : needed.services) {
        if (find_service(*type) == nullptr) {
            throw setup_error("the route " + name + " takes a service<" + readable_name(*type) +
                              ">, but none was provided: call app.provide(...) with one");
        }
    }
}

void* dispatcher::find_service(const std::type_info& type) const noexcept {
    for (const provided_service& each : setup_->services) {
        if (*each.type == type) {
            return each.target.get();
        }
    }
    return nullptr;
}

void dispatcher::log(std::string_view line) const noexcept {
    try {
        setup_->log(line);
    } catch (...) {
        // A log that fails must not end the request it tells of.
    }
}

std::size_t dispatcher::route(exchange& on) {
    on.dispatcher_ = this;
    on.response_.reset();
    find_route(on);
    return on.route_->body_bytes;
}

void dispatcher::find_route(exchange& on) const {
    request::parts& parts = on.request_.edit();
    if (parts.target == "*") {
        on.allowed_ = all_methods_;
        on.route_ = &options_;
        return;
    }
    const auto path = routing::decode_path(parts.path, on.decoded_path_);
    if (!path) {
        on.route_ = &malformed_;
        return;
    }
    parts.path = *path;
    routing::route_match match;
    table_->tree().find(parts.method, parts.path, match);
    switch (match.result) {
        case routing::route_match::outcome::found:
            on.route_ = &routes_[match.route];
            take_values(on, match);
            return;
        case routing::route_match::outcome::no_path:
            on.route_ = &no_path_;
            return;
        case routing::route_match::outcome::no_method:
            on.allowed_ = match.allowed;
            on.route_ = parts.method == method::options ? &options_ : &no_method_;
            return;
    }
}

void dispatcher::take_values(exchange& on, const routing::route_match& match) const {
    const std::string_view path = on.request_.path();
    const bool has_escapes = !on.decoded_path_.empty() && path.data() == on.decoded_path_.data() &&
                             path.find('%') != std::string_view::npos;
    if (has_escapes) {
        on.decoded_values_.clear();
        on.decoded_values_.reserve(path.size());
    }
    for (std::size_t index = 0; index < match.value_count; ++index) {
        on.path_values_[index] =
            has_escapes ? routing::decode_segment(match.values[index], on.decoded_values_)
                        : match.values[index];
    }
}

void dispatcher::respond(exchange& on) noexcept {
    on.entered_ = 0;
    on.has_failed_ = false;
    on.stage_ = on.route_->uses_session ? stage::begin : stage::before;
    run(on);
}

void dispatcher::resume(exchange& on) noexcept {
    run(on);
    if (on.stage_ == stage::done && !on.is_suspended_) {
        on.done_(on.owner_);
    }
}

void dispatcher::refuse(exchange& on, const http1::refusal& why) noexcept {
    try {
        answer_problem(on, {why.status, std::string{why.detail}, {}, {}});
    } catch (...) {
        on.response_.reset();
        on.response_.status(why.status);
    }
}

void dispatcher::run(exchange& on) noexcept {
    on.is_running_ = true;
    while (on.stage_ != stage::done && !on.is_suspended_) {
        if (on.error_) {  // of what was suspended, or of the last step
            answer_exception(on, std::exchange(on.error_, nullptr));
            continue;
        }
        try {
            step(on);
        } catch (...) {
            on.is_suspended_ = false;
            on.error_ = std::current_exception();
        }
    }
    on.is_running_ = false;
}

void dispatcher::step(exchange& on) {
    switch (on.stage_) {
        case stage::begin:
            return begin_session(on);
        case stage::load:
            return load_session(on);
        case stage::loaded:
            return open_session(on);
        case stage::before:
            return run_before(on);
        case stage::call:
            return call(on);
        case stage::commit:
            return commit_session(on);
        case stage::settle:
            return settle_session(on);
        case stage::after:
            return run_after(on);
        case stage::done:
            return;
    }
}

void dispatcher::run_before(exchange& on) const {
    on.stage_ = stage::call;
    while (on.entered_ < on.route_->chain.size()) {
        const middleware& next = *on.route_->chain[on.entered_++];
        if (next.before(on)) {
            on.stage_ = on.route_->uses_session ? stage::commit : stage::after;
            return;
        }
    }
}

void dispatcher::call(exchange& on) const {
    on.stage_ = on.route_->uses_session ? stage::commit : stage::after;
    if (on.route_->handler != nullptr) {
        (*on.route_->handler)(on);
    } else {
        answer_without_route(on);
    }
}

void dispatcher::answer_without_route(exchange& on) const {
    switch (on.route_->what) {
        case kind::options:
            on.response_.status(status::no_content).set("Allow", allow_value(on.allowed_));
            return;
        case kind::no_method:
            return answer_problem(on, {status::method_not_allowed,
                                       "This resource does not take that method.",
                                       {},
                                       {{"Allow", allow_value(on.allowed_)}}});
        case kind::malformed:
            return answer_problem(
                on, {status::bad_request, "The path has a malformed percent escape.", {}, {}});
        case kind::no_path:
        case kind::handler:
            return answer_problem(on, {status::not_found, {}, {}, {}});
    }
}

void dispatcher::run_after(exchange& on) const {
    while (on.entered_ != 0) {
        const middleware& next = *on.route_->chain[--on.entered_];
        next.after(on.request_, on.response_);
    }
    on.stage_ = stage::done;
}

// What a thrown exception means, at whatever stage it was thrown.
void dispatcher::answer_exception(exchange& on, const std::exception_ptr& error) const noexcept {
    const stage thrown_at = on.stage_;
    const bool is_before_commit =
        thrown_at == stage::commit || thrown_at == stage::before || thrown_at == stage::call;
    on.has_failed_ = true;
    on.stage_ = is_before_commit && on.route_->uses_session ? stage::commit : stage::after;
    try {
        answer_problem(on, problem_of(on, error));
        if (on.route_->uses_session && (thrown_at == stage::settle || thrown_at == stage::after)) {
            set_session_fields(on);  // what is committed is, whatever an after throws
        }
    } catch (...) {  // not even the error page could be made
        on.response_.reset();
        on.response_.status(status::internal_server_error);
    }
}

// What the client is told of an exception; the rest is for the log.
problem dispatcher::problem_of(const exchange& on, const std::exception_ptr& error) const {
    const auto say = [&](std::string_view what) {
        std::string line{to_string(on.request_.method())};
        line += ' ';
        line += on.request_.target();
        line += ": ";
        line += what;
        log(line);
    };
    try {
        std::rethrow_exception(error);
    } catch (const http_error& thrown) {
        return thrown.content();
    } catch (const std::exception& thrown) {
        say(thrown.what());
    } catch (...) {
        say("an exception that is no std::exception");
    }
    return {status::internal_server_error, {}, {}, {}};
}

void dispatcher::answer_problem(exchange& on, const problem& content) const {
    on.response_.reset();
    on.response_ = setup_->error_pages ? setup_->error_pages(on.request_, content)
                                       : problem_response(on.request_, content);
    on.response_.status(content.status);
    for (const auto& [name, value] : content.fields) {
        on.response_.set(name, value);
    }
}

session_time dispatcher::now() const {
    if (setup_->sessions.clock) {
        return setup_->sessions.clock();
    }
    // time() does not ask for the nanoseconds, and so costs a tenth of system_clock::now().
    return session_time{std::chrono::seconds{std::time(nullptr)}};
}

void dispatcher::begin_session(exchange& on) const {
    if (!on.transaction_) {
        on.transaction_ = std::make_unique<session_transaction>();
    }
    on.transaction_->begin(on.request_.cookie(cookie_name_));
    on.stage_ = on.transaction_->has_token() ? stage::load : stage::before;
}

void dispatcher::load_session(exchange& on) const {
    session_transaction& transaction = *on.transaction_;
    on.stage_ = stage::loaded;
    transaction.load_outcome = session_load::failed;
    setup_->backend->load(on, transaction.token(), now(), transaction.stored(),
                          transaction.load_outcome);
}

void dispatcher::open_session(exchange& on) const {
    if (!on.transaction_->loaded(on.transaction_->load_outcome)) {
        throw http_error(problem{status::service_unavailable,
                                 "The session store does not answer.",
                                 {},
                                 {{"Retry-After", retry_after()}}});
    }
    on.stage_ = stage::before;
}

void dispatcher::commit_session(exchange& on) const {
    session_transaction& transaction = *on.transaction_;
    on.stage_ = stage::settle;
    const bool rolls_back = on.has_failed_ || to_number(on.response_.status()) >= 500;
    const std::optional<session_change> change =
        transaction.change(rolls_back, now(), setup_->sessions);
    if (!change) {
        finish_session(on);
        return;
    }
    transaction.commit_outcome = session_commit::unavailable;
    setup_->backend->commit(on, *change, now(), transaction.committed(),
                            transaction.commit_outcome);
}

void dispatcher::settle_session(exchange& on) const {
    session_transaction& transaction = *on.transaction_;
    const bool may_rerun = on.route_->reruns || is_idempotent(on.request_.method());
    switch (transaction.settle(transaction.commit_outcome, may_rerun)) {
        case verdict::done:
            break;
        case verdict::commit_again:
            on.stage_ = stage::commit;
            return;
        case verdict::rerun:
            on.response_.reset();
            on.entered_ = 0;
            on.stage_ = transaction.has_token() ? stage::load : stage::before;
            return;
        case verdict::conflict:
            on.has_failed_ = true;
            answer_problem(on, {status::conflict,
                                "Another request changed the session at the same time. Try again.",
                                {},
                                {}});
            break;
        case verdict::too_large:
            on.has_failed_ = true;
            log("the session is too large for its store, and was not stored: keep less in it, or "
                "use a store on the server");
            answer_problem(on, {status::internal_server_error, {}, {}, {}});
            break;
        case verdict::unavailable:
            on.has_failed_ = true;
            answer_problem(on, {status::service_unavailable,
                                "The session store does not answer.",
                                {},
                                {{"Retry-After", retry_after()}}});
            break;
    }
    finish_session(on);
}

void dispatcher::finish_session(exchange& on) const {
    session_transaction& transaction = *on.transaction_;
    on.stage_ = stage::after;
    set_session_fields(on);
    const std::vector<std::function<void()>> effects = transaction.take_effects();
    if (on.has_failed_ || to_number(on.response_.status()) >= 500) {
        return;
    }
    for (const std::function<void()>& effect : effects) {
        try {
            effect();
        } catch (const std::exception& error) {
            log(std::string{"after_commit: "} + error.what());
        } catch (...) {
            log("after_commit: an exception that is no std::exception");
        }
    }
}

void dispatcher::set_session_fields(exchange& on) const {
    if (on.transaction_->was_used()) {
        on.response_.add_to_list("Vary", "Cookie");
    }
    set_cookie(on);
}

void dispatcher::set_cookie(exchange& on) const {
    std::string line;
    switch (on.transaction_->cookie()) {
        case session_transaction::cookie_change::none:
            return;
        case session_transaction::cookie_change::set:
            line.reserve(cookie_name_.size() + 1 + on.transaction_->cookie_value().size() +
                         cookie_attributes_.size());
            line += cookie_name_;
            line += '=';
            line += on.transaction_->cookie_value();
            line += cookie_attributes_;
            break;
        case session_transaction::cookie_change::remove:
            line = cookie_name_ + "=" + cookie_attributes_;
            line += "; Max-Age=0";  // of several the last one counts
            break;
    }
    on.response_.add("Set-Cookie", line);
    if (!on.response_.header("Cache-Control")) {
        on.response_.set("Cache-Control", "no-store");
    }
}

}  // namespace cloakroom
