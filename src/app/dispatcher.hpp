// SPDX-License-Identifier: MIT
// Takes an exchange through the app: route, session, middleware, handler, commit, error page. The
// one place that catches what handlers throw.
#pragma once

#include "app/log_limit.hpp"
#include "app/session_backend.hpp"
#include "http1/service.hpp"
#include "routing/route_table.hpp"
#include <cloakroom/app.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

namespace cloakroom {

/// A route with all that its requests need, found once.
struct resolved_route {
    enum class kind : std::uint8_t { handler, no_path, no_method, options, malformed };

    const endpoint* handler = nullptr;
    std::vector<const middleware*> chain;
    std::size_t body_bytes = 0;
    kind what = kind::handler;
    bool uses_session = false;
    bool uses_session_if_unsafe = false;
    std::vector<bool (*)(const request&)> uses_session_if;
    bool lists_sessions = false;
    bool pings_store = false;
    bool reruns = false;
    bool has_before_commit = false;  // of any middleware
};

/// What was given to app::provide().
struct provided_service {
    const std::type_info* type;
    std::shared_ptr<void> target;
};

/// All that an app was set up with, but its routes.
struct app_setup {
    cloakroom::limits limits;
    session_options sessions;
    std::unique_ptr<session_backend> backend;
    std::vector<provided_service> services;
    std::function<std::optional<response>(const request&, const problem&)> error_pages;
    std::function<void(std::string_view)> log;
    // What changes once it serves:
    std::atomic<bool> is_leaving = false;
    mutable log_limit log_lines;
};

/// The name of a type as C++ writes it, for messages.
[[nodiscard]] std::string readable_name(const std::type_info& type);

/// The app while it serves: immutable, so that all event loops share it without a lock.
class dispatcher final : public http1::service {
public:
    /// @throws setup_error for a route that needs what the app has not got.
    dispatcher(const route_table& routes, const app_setup& setup, bool is_development);

    std::size_t route(exchange& on) override;
    [[nodiscard]] bool wants_body(const exchange& on) const noexcept override;
    void respond(exchange& on) noexcept override;
    void refuse(exchange& on, const http1::refusal& why) noexcept override;

    /// Goes on with an exchange that was suspended.
    void resume(exchange& on) noexcept;

    [[nodiscard]] void* find_service(const std::type_info& type) const noexcept;

    [[nodiscard]] bool is_leaving() const noexcept { return setup_->is_leaving; }

    /// The wall clock, or what the app was given for one.
    [[nodiscard]] session_time now() const;

    /// Makes the error page the response.
    void answer_problem(exchange& on, const problem& content) const;

    /// Whether the request of an exchange has the sessions of its session's owner loaded.
    [[nodiscard]] static bool has_owned_sessions(const exchange& on) noexcept;

    /// Says something to the operator.
    void log(std::string_view line) const noexcept;

private:
    using stage = exchange::stage;

    void resolve(const cloakroom::route& from, resolved_route& into) const;
    void check_needs(const needs& needed, const cloakroom::route& of, resolved_route& into) const;
    void check_store(const session_capabilities& needed, const std::string& by) const;
    void find_route(exchange& on) const;
    void take_values(exchange& on, const routing::route_match& match) const;

    [[nodiscard]] static bool needs_session(const exchange& on);
    [[nodiscard]] static stage stage_of_answer(const exchange& on) noexcept;
    [[nodiscard]] static stage first_stage(const exchange& on) noexcept;
    [[nodiscard]] static bool is_asking_store(const exchange& on) noexcept;
    // Whether a step that has ended well may call the next one itself: without the loop of run().
    [[nodiscard]] static bool goes_on(const exchange& on) noexcept {
        return !on.is_suspended_ && !on.error_;
    }
    void run(exchange& on) noexcept;
    void log_store_error(const exchange& on, const std::exception_ptr& error) const noexcept;
    void step(exchange& on);
    void ping_store(exchange& on) const;
    void begin_session(exchange& on) const;
    void load_session(exchange& on) const;
    void open_session(exchange& on) const;
    void take_list(exchange& on) const;
    void end_sessions(exchange& on) const;
    void settle_ending(exchange& on) const;
    void run_before(exchange& on) const;
    void call(exchange& on) const;
    void answer_without_route(exchange& on) const;
    void run_before_commit(exchange& on) const;
    void commit_session(exchange& on) const;
    void settle_session(exchange& on) const;
    void finish_session(exchange& on) const;
    void run_after(exchange& on) const;

    void answer_exception(exchange& on, const std::exception_ptr& error) const noexcept;
    [[nodiscard]] problem problem_of(const exchange& on, const std::exception_ptr& error) const;
    [[nodiscard]] static std::string text_of(const std::exception_ptr& error);
    [[nodiscard]] response error_page(const exchange& on, const problem& content) const;
    void log_of(const exchange& on, std::string_view what) const;
    void set_session_fields(exchange& on) const;

    const app_setup* setup_;
    const route_table* table_;
    std::vector<resolved_route> routes_;
    resolved_route no_path_;
    resolved_route no_method_;
    resolved_route options_;
    resolved_route malformed_;
    std::uint16_t all_methods_ = 0;
    std::string cookie_name_;
    std::string cookie_start_;    // of a Set-Cookie line: all before the value
    std::string cookie_end_;      // all behind it
    std::string cookie_removal_;  // the same, to have the cookie removed
};

}  // namespace cloakroom
