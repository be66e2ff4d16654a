// SPDX-License-Identifier: MIT
// What is answered where no handler answers: errors, refused requests, requests without a route.
#include "app/dispatcher.hpp"
#include "message/control_characters.hpp"
#include "message/problem.hpp"

#include <exception>
#include <stdexcept>
#include <utility>

namespace cloakroom {
namespace {

using kind = resolved_route::kind;

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

// So that what a client put into an exception's text cannot look like a line of its own.
void append_one_line(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char character : text) {
        if (!is_control(character)) {
            out += character;
            continue;
        }
        const auto byte = static_cast<unsigned char>(character);
        out += "\\x";
        out += digits[byte / 16];
        out += digits[byte % 16];
    }
}

}  // namespace

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

// What a thrown exception means, at whatever stage it was thrown.
void dispatcher::answer_exception(exchange& on, const std::exception_ptr& error) const noexcept {
    const stage thrown_at = on.stage_;
    const bool is_before_commit = thrown_at == stage::before || thrown_at == stage::call ||
                                  thrown_at == stage::before_commit || thrown_at == stage::commit;
    on.has_failed_ = true;
    on.stage_ = is_before_commit && on.has_session_ ? stage::commit : stage::after;
    try {
        answer_problem(on, problem_of(on, error));
        if (on.has_session_ && thrown_at == stage::after) {
            set_session_fields(on);  // what is committed is, whatever an after throws
        }
    } catch (...) {  // out of memory
        on.response_.reset();
        on.response_.status(status::internal_server_error);
    }
}

// What the client is told of an exception. What the operator must know goes to the log.
problem dispatcher::problem_of(const exchange& on, const std::exception_ptr& error) const {
    try {
        std::rethrow_exception(error);
    } catch (const http_error& thrown) {
        if (to_number(thrown.content().status) >= 500) {
            log_of(on, std::to_string(to_number(thrown.content().status)) + " " + thrown.what());
        }
        return thrown.content();
    } catch (...) {
        log_of(on, text_of(error));
    }
    return {status::internal_server_error, {}, {}, {}};
}

std::string dispatcher::text_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& thrown) {
        return thrown.what();
    } catch (...) {
        return "an exception that is no std::exception";
    }
}

void dispatcher::answer_problem(exchange& on, const problem& content) const {
    on.response_.reset();
    on.response_ = error_page(on, content);
    on.response_.status(content.status);
    for (const auto& [name, value] : content.fields) {
        try {
            on.response_.set(name, value);
        } catch (const std::invalid_argument& error) {
            log_of(on, error.what());
        }
    }
}

response dispatcher::error_page(const exchange& on, const problem& content) const {
    if (setup_->error_pages) {
        try {
            if (std::optional<response> made = setup_->error_pages(on.request_, content)) {
                return *std::move(made);
            }
        } catch (...) {
            log_of(on, "error_pages: " + text_of(std::current_exception()));
        }
    }
    return problem_response(on.request_, content);
}

// A request that is no request: only what came of it is known, and no route. The app's own afters
// see the response, so that an access log or a security field does not miss it.
void dispatcher::refuse(exchange& on, const http1::refusal& why) noexcept {
    try {
        on.dispatcher_ = this;
        on.route_ = &malformed_;
        problem content{why.status, std::string{why.detail}, {}, {}};
        if (why.status == status::service_unavailable) {  // not the client's fault
            content.fields.emplace_back("Retry-After", "1");
            log_of(on, "503 " + content.detail);
        }
        answer_problem(on, content);
        for (std::size_t index = malformed_.chain.size(); index != 0; --index) {
            try {
                malformed_.chain[index - 1]->after(on.request_, on.response_);
            } catch (...) {
                log_of(on, text_of(std::current_exception()));
            }
        }
    } catch (...) {  // out of memory
        on.response_.reset();
        on.response_.status(why.status);
    }
}

void dispatcher::log_of(const exchange& on, std::string_view what) const {
    std::string line{to_string(on.request_.method())};
    line += ' ';
    line += on.request_.target();
    line += ": ";
    append_one_line(line, what);
    log(line);
}

}  // namespace cloakroom
