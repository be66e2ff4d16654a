// SPDX-License-Identifier: MIT
#include "app/dispatcher.hpp"

#include "message/problem.hpp"
#include "routing/path.hpp"
#include "session/transaction.hpp"
#include <cloakroom/setup_error.hpp>

#include <cxxabi.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <tuple>
#include <utility>

namespace cloakroom {
namespace {

using kind = resolved_route::kind;

}  // namespace

std::string readable_name(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> name(
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
    return name ? std::string{name.get()} : std::string{type.name()};
}

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
        const std::string name = cookie_name_ + "=";
        const std::string attributes =
            to_string(example).substr(name.size() + example.value.size());
        cookie_start_ = "Set-Cookie: " + name;
        cookie_end_ = attributes + "\r\n";
        cookie_removal_ = attributes + "; Max-Age=0\r\n";  // of several the last one counts
        check_store(setup.sessions.required, "session_options::required");
        setup.backend->prepare(
            {cookie_name_, is_development, setup.sessions.idle_time, setup.sessions.absolute_time});
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
    const bool is_route = static_cast<bool>(from.endpoint_);
    check_needs(from.endpoint_.needed(), from, into);
    for (const middleware* each : into.chain) {
        check_needs(each->needed(), from, into);
        into.has_before_commit = into.has_before_commit || (is_route && each->has_before_commit());
    }
}

void dispatcher::check_needs(const needs& needed, const cloakroom::route& of,
                             resolved_route& into) const {
    const std::string name =
        std::string{of.method_ ? to_string(*of.method_) : std::string_view{"any"}} + " " +
        of.pattern_;
    if ((needed.session || needed.session_if_unsafe || !needed.session_if.empty()) &&
        !setup_->backend) {
        throw setup_error("the route " + name +
                          " takes a session, but the app keeps none: call app.sessions(...) with a "
                          "store, for example cloakroom::memory_sessions()");
    }
    into.uses_session = into.uses_session || needed.session;
    into.uses_session_if_unsafe = into.uses_session_if_unsafe || needed.session_if_unsafe;
    if (of.endpoint_) {  // what asks so has to do with what a handler does
        into.uses_session_if.insert(into.uses_session_if.end(), needed.session_if.begin(),
                                    needed.session_if.end());
    }
    into.lists_sessions = into.lists_sessions || needed.owned_sessions;
    into.pings_store = into.pings_store || (needed.store_answer && setup_->backend);
    if (setup_->backend) {
        check_store(needed.capabilities, "the route " + name);
        check_store(of.needed_of_sessions_, "the route " + name);
    }
    for (const std::type_info* type : needed.services) {
        if (find_service(*type) == nullptr) {
            throw setup_error("the route " + name + " takes a service<" + readable_name(*type) +
                              ">, but none was provided: call app.provide(...) with one");
        }
    }
}

// Refuses an app whose session store lacks what is needed.
void dispatcher::check_store(const session_capabilities& needed, const std::string& by) const {
    const session_capabilities has = setup_->backend->capabilities();
    const std::tuple<bool, bool, std::string_view> all[] = {
        {needed.compare_and_swap, has.compare_and_swap, "compare_and_swap"},
        {needed.revocable, has.revocable, "revocable"},
        {needed.ends_by_owner, has.ends_by_owner, "ends_by_owner"},
        {needed.owner_index, has.owner_index, "owner_index"},
        {needed.confidential, has.confidential, "confidential"},
        {needed.bounded, has.bounded, "bounded"},
    };
    for (const auto& [is_needed, is_there, what] : all) {
        if (is_needed && !is_there) {
            throw setup_error(by + " needs a session store that is " + std::string{what} +
                              " (session_capabilities), and the app's is not: give "
                              "app.sessions(...) another store, for example "
                              "cloakroom::memory_sessions()");
        }
    }
}

bool dispatcher::needs_session(const exchange& on) {
    const resolved_route& route = *on.route_;
    if (route.uses_session || (route.uses_session_if_unsafe && !is_safe(on.request_.method()))) {
        return true;
    }
    const auto& questions = route.uses_session_if;
    return !questions.empty() &&  // any_of() begins with much that nothing needs then
           std::any_of(questions.begin(), questions.end(),
                       [&](const auto& asks) { return asks(on.request_); });
}

bool dispatcher::has_owned_sessions(const exchange& on) noexcept {
    return on.route_ != nullptr && on.route_->lists_sessions;
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
        const auto since = std::chrono::steady_clock::now().time_since_epoch();
        const auto second = std::chrono::duration_cast<std::chrono::seconds>(since).count();
        const log_limit::verdict verdict =
            setup_->log_lines.take(static_cast<std::uint32_t>(second), setup_->limits.log_lines);
        if (verdict.left_out != 0) {
            setup_->log(std::to_string(verdict.left_out) +
                        " lines are not in this log: there were more than limits::log_lines in a "
                        "second");
        }
        if (verdict.passes) {
            setup_->log(line);
        }
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

bool dispatcher::wants_body(const exchange& on) const noexcept {
    return on.route_->handler != nullptr;
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
            if (match.value_count != 0) {
                take_values(on, match);
            }
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

static_assert(exchange::max_path_values == routing::max_path_values);

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
            has_escapes ? routing::decode_segment(match.value(index), on.decoded_values_)
                        : match.value(index);
    }
}

dispatcher::stage dispatcher::first_stage(const exchange& on) noexcept {
    return on.has_session_ ? stage::begin : stage::before;
}

// What comes once there is an answer.
dispatcher::stage dispatcher::stage_of_answer(const exchange& on) noexcept {
    if (!on.has_session_) {
        return stage::after;
    }
    return on.route_->has_before_commit ? stage::before_commit : stage::commit;
}

void dispatcher::respond(exchange& on) noexcept {
    on.entered_ = 0;
    on.has_failed_ = false;
    on.kept_.clear();
    try {
        on.has_session_ = needs_session(on);
        on.stage_ = on.route_->pings_store ? stage::ping : first_stage(on);
    } catch (...) {  // a parameter's or a middleware's own question
        on.has_session_ = false;
        on.stage_ = stage::before;
        on.error_ = std::current_exception();
    }
    run(on);
}

void dispatcher::resume(exchange& on) noexcept {
    run(on);
    if (on.stage_ == stage::done && !on.is_suspended_) {
        on.done_(on.owner_);
    }
}

bool dispatcher::is_asking_store(const exchange& on) noexcept {
    return on.stage_ == stage::pinged || on.stage_ == stage::loaded || on.stage_ == stage::listed ||
           on.stage_ == stage::ended || on.stage_ == stage::settle;
}

void dispatcher::run(exchange& on) noexcept {
    on.is_running_ = true;
    while (on.stage_ != stage::done && !on.is_suspended_) {
        if (on.error_) {  // of what was suspended, or of the last step
            const std::exception_ptr error = std::exchange(on.error_, nullptr);
            if (is_asking_store(on)) {
                log_store_error(on, error);  // the step finds no answer of the store
            } else {
                answer_exception(on, error);
            }
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
        case stage::ping:
            return ping_store(on);
        case stage::pinged:
            on.stage_ = first_stage(on);
            return;
        case stage::begin:
            return begin_session(on);
        case stage::load:
            return load_session(on);
        case stage::loaded:
            return open_session(on);
        case stage::listed:
            return take_list(on);
        case stage::before:
            return run_before(on);
        case stage::call:
            return call(on);
        case stage::before_commit:
            return run_before_commit(on);
        case stage::commit:
            return commit_session(on);
        case stage::ended:
            return settle_ending(on);
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
            on.stage_ = stage_of_answer(on);
            return;
        }
    }
    call(on);
}

void dispatcher::call(exchange& on) const {
    on.stage_ = stage_of_answer(on);
    if (on.route_->handler != nullptr) {
        (*on.route_->handler)(on);
    } else {
        answer_without_route(on);
    }
    if (on.stage_ == stage::after && goes_on(on)) {
        run_after(on);
    } else if (on.stage_ == stage::commit && goes_on(on)) {
        commit_session(on);
    }
}

void dispatcher::run_after(exchange& on) const {
    while (on.entered_ != 0) {
        const middleware& next = *on.route_->chain[--on.entered_];
        next.after(on.request_, on.response_);
    }
    on.stage_ = stage::done;
}

}  // namespace cloakroom
