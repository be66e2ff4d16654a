// SPDX-License-Identifier: MIT
// Where routes are registered: the app itself, or a group of it with a prefix of its own.
#pragma once

#include <cloakroom/file_options.hpp>
#include <cloakroom/handler.hpp>
#include <cloakroom/method.hpp>
#include <cloakroom/middleware.hpp>
#include <cloakroom/pattern.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {

class route_table;
template <class Machine>
class machine_routes;

/// One registered route; what the registering functions return, to be adjusted at once: once the
/// app is serving, its members throw setup_error.
class route {
public:
    /// Adds middleware for this route alone. See middleware.
    template <class Object>
    route& use(Object object) {
        refuse_when_frozen();
        middleware_.push_back(middleware::make(std::move(object)));
        return *this;
    }
    /// What runs before the handler, and may answer in its place.
    template <class Function>
    route& before(Function function) {
        refuse_when_frozen();
        middleware_.push_back(middleware::make_before(std::move(function)));
        return *this;
    }
    /// What runs when the response is there, and may change it.
    template <class Function>
    route& after(Function function) {
        refuse_when_frozen();
        middleware_.push_back(middleware::make_after(std::move(function)));
        return *this;
    }

    /// The most content a request may have, instead of `limits::body_bytes`; more is 413.
    route& body_limit(std::size_t bytes) {
        refuse_when_frozen();
        body_bytes_ = bytes;
        return *this;
    }

    /// Lets the handler run again when another request changed the session meanwhile, although its
    /// method (POST, PATCH) does not promise that running twice does no harm.
    route& rerun_on_conflict() {
        refuse_when_frozen();
        reruns_ = true;
        return *this;
    }

    /// What the session store must be able to do for this route; setup_error at start-up
    /// otherwise.
    route& needs_sessions(session_capabilities needed) {
        refuse_when_frozen();
        needed_of_sessions_ = needed;
        return *this;
    }

private:
    friend class dispatcher;
    friend class route_table;
    friend class router;

    void refuse_when_frozen() const;

    const route_table* table_ = nullptr;
    std::string pattern_;
    std::optional<cloakroom::method> method_;  // empty: all methods
    endpoint endpoint_;
    std::vector<middleware> middleware_;
    std::optional<std::size_t> body_bytes_;
    std::size_t scope_ = 0;
    session_capabilities needed_of_sessions_;
    bool reruns_ = false;
};

/// Registers routes. Placeholder rules: pattern.hpp. Of several routes that fit a path and a
/// method, literals win over placeholders, and those over a wildcard tail, segment by segment.
///
/// HEAD is answered from GET and OPTIONS with the methods there are, unless routed themselves.
/// Used before serving starts, by one thread. A handler is a function or a captureless lambda; see
/// handler.hpp for what it may take and return.
///
/// All registering functions throw setup_error for a malformed pattern and for a route that is
/// there already, and once the app is serving.
class router {
public:
    template <class Handler>
    route& get(pattern<std::type_identity_t<Handler>> path, Handler handler) {
        return add(method::get, path, std::move(handler));
    }
    template <class Handler>
    route& head(pattern<std::type_identity_t<Handler>> path, Handler handler) {
        return add(method::head, path, std::move(handler));
    }
    template <class Handler>
    route& post(pattern<std::type_identity_t<Handler>> path, Handler handler) {
        return add(method::post, path, std::move(handler));
    }
    template <class Handler>
    route& put(pattern<std::type_identity_t<Handler>> path, Handler handler) {
        return add(method::put, path, std::move(handler));
    }
    template <class Handler>
    route& patch(pattern<std::type_identity_t<Handler>> path, Handler handler) {
        return add(method::patch, path, std::move(handler));
    }
    /// DELETE, which is a word of C++.
    template <class Handler>
    route& del(pattern<std::type_identity_t<Handler>> path, Handler handler) {
        return add(method::delete_, path, std::move(handler));
    }
    template <class Handler>
    route& options(pattern<std::type_identity_t<Handler>> path, Handler handler) {
        return add(method::options, path, std::move(handler));
    }

    /// Any one method.
    template <class Handler>
    route& on(method verb, pattern<std::type_identity_t<Handler>> path, Handler handler) {
        return add(verb, path, std::move(handler));
    }

    /// GET, POST, PUT, PATCH and DELETE.
    template <class Handler>
    route& any(pattern<std::type_identity_t<Handler>> path, Handler handler) {
        return add(std::nullopt, path, std::move(handler));
    }

    /// Registers routes under a prefix, with middleware of their own:
    ///
    ///     app.group("/admin", [](router& admin) { admin.get("/", &dashboard); });
    ///
    /// "/" in the group is the prefix itself. A prefix with placeholders needs runtime_pattern for
    /// the routes in it, whose handlers take the prefix's placeholders first.
    template <class Register>
    void group(std::string_view prefix, Register add_routes) {
        router inner(*table_, nested_prefix(prefix), new_scope());
        add_routes(inner);
    }

    /// Serves the files of a directory by GET and HEAD: `app.files("/assets", "public")` answers
    /// /assets/css/page.css with public/css/page.css. Files are sent by the system, without a copy
    /// in the program, with a media type by their names (and nosniff), ETag and Last-Modified;
    /// conditional requests, and one range of bytes, are answered (RFC 9110 sections 13 and 14);
    /// several ranges get the whole file.
    ///
    /// 404 for all that is no readable regular file beneath the directory: also where a symbolic
    /// link is absolute or leads outside, for names that begin with a dot, and for encoded slashes
    /// and backslashes. A directory redirects to itself with a slash, and there gives its index.
    /// 503 where the system has no descriptor left. Files are opened on the event loop's thread:
    /// they belong on a local disk.
    ///
    /// What writes files should rename whole ones into place: of a file that is written in place a
    /// client may get a mixture, and when it becomes shorter its connection is closed. Entity tags
    /// are strong, but weak within 2 s of a change, when one more could go unseen.
    ///
    /// Middleware: files() in a group() of its own.
    ///
    /// @param directory  Of the program's choice; opened now.
    /// @throws setup_error also when there is no such directory, for options that cannot be, and
    ///         where the system is older than Linux 5.6.
    void files(std::string_view prefix, const std::string& directory, file_options options = {});

    /// Mounts a state machine of the visitor's session: include <cloakroom/machine_routes.hpp>.
    ///
    ///     GET  prefix                 its state, the state's data, the events that are possible
    ///     POST prefix/events/{event}  gives it an event, which is the content as JSON; once, where
    ///                                 there is an Idempotency-Key
    ///     GET  prefix/diagram         its picture: a page; also diagram.svg, .mmd, .dot
    ///
    /// With a placeholder in the prefix, as in "/orders/{order}", there are several, each with the
    /// name that stands in the path; see machine_instances.
    template <class Machine>
    machine_routes<Machine> machine(std::string_view prefix);

    /// Adds middleware for all routes of this router, also those registered earlier. On the app
    /// itself it sees requests without a route too. See middleware.
    template <class Object>
    void use(Object object) {
        add_middleware(middleware::make(std::move(object)));
    }
    template <class Function>
    void before(Function function) {
        add_middleware(middleware::make_before(std::move(function)));
    }
    template <class Function>
    void after(Function function) {
        add_middleware(middleware::make_after(std::move(function)));
    }

protected:
    explicit router(route_table& table) noexcept : table_(&table) {}

private:
    friend class machine_mount;

    router(route_table& table, std::string prefix, std::size_t scope)
        : table_(&table), prefix_(std::move(prefix)), scope_(scope) {}

    template <class Handler>
    route& add(std::optional<method> verb, const pattern<Handler>& path, Handler handler) {
        constexpr std::size_t count = path_parameter_count<Handler>();
        return add_route(verb, path.text(), path.is_runtime() ? std::optional(count) : std::nullopt,
                         make_endpoint(std::move(handler)));
    }

    route& add_route(std::optional<method> verb, std::string_view path,
                     std::optional<std::size_t> expected_placeholders, endpoint handler);
    void add_middleware(middleware added);
    [[nodiscard]] std::string nested_prefix(std::string_view path) const;
    [[nodiscard]] std::size_t new_scope();

    route_table* table_;
    std::string prefix_;
    std::size_t scope_ = 0;
};

}  // namespace cloakroom
