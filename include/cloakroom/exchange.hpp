// SPDX-License-Identifier: MIT
// One request on its way through the app, with the response that grows from it. Handlers do not see
// it; what turns an exchange into handler parameters, and results into responses, does.
#pragma once

#include <cloakroom/http_error.hpp>
#include <cloakroom/request.hpp>
#include <cloakroom/response.hpp>
#include <cloakroom/session.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

namespace cloakroom {

class dispatcher;
class session_transaction;
class worker_pool;
struct resolved_route;

/// Where an exchange runs what does not end at once. One an event loop.
struct execution {
    void* io_context = nullptr;  ///< A `boost::asio::io_context*`.
    worker_pool* workers = nullptr;
};

/// One request and its response. It stays at one address until the response is written, also while
/// its handler is suspended. Used by one thread at a time.
class exchange {
public:
    /// The most placeholders a route may have.
    static constexpr std::size_t max_path_values = 16;

    explicit exchange(execution where);
    exchange(const exchange&) = delete;
    exchange& operator=(const exchange&) = delete;
    ~exchange();

    [[nodiscard]] class request& request() noexcept { return request_; }
    [[nodiscard]] class response& response() noexcept { return response_; }

    /// @throws std::logic_error unless has_session().
    [[nodiscard]] class session& session();

    /// Whether the needs of the route (parameter<T>::declare) name the session for this request.
    [[nodiscard]] bool has_session() const noexcept { return has_session_; }

    /// What session_store::list() gave for the session's owner.
    ///
    /// @throws std::logic_error unless the route's needs name them (parameter<T>::declare).
    [[nodiscard]] const std::vector<session_summary>& owned_sessions() const;

    /// The decoded text of the path's placeholder number `index`, from 0. Lives as the request.
    [[nodiscard]] std::string_view path_value(std::size_t index) const noexcept {
        return path_values_[index];
    }

    /// What was provided for that type.
    ///
    /// @throws std::logic_error when nothing was. That it was is checked before serving starts for
    ///         what the route's needs name (parameter<T>::declare).
    [[nodiscard]] void* find_service(const std::type_info& type) const;

    /// The wall clock as sessions see it: session_options::clock where there is one.
    [[nodiscard]] session_time now() const;

    /// The exchange's T, made of these arguments on first use. It lives until the handler's changes
    /// are committed or dropped; a handler that runs again gets a new one.
    template <class T, class... Arguments>
    [[nodiscard]] T& keep(Arguments&&... arguments) {
        if (void* const found = find_kept(typeid(T))) {
            return *static_cast<T*>(found);
        }
        T* const made = new T(std::forward<Arguments>(arguments)...);
        keep(typeid(T), kept_pointer(made, [](void* kept) { delete static_cast<T*>(kept); }));
        return *made;
    }

    /// Whether session_store::ping() said yes before the handler; true where the app has no store.
    /// REQUIRES: the route's needs name it (parameter<T>::declare).
    [[nodiscard]] bool store_answers() const noexcept { return store_answers_; }

    /// Whether the app was told to end, by a signal or app::stop().
    [[nodiscard]] bool is_leaving() const noexcept;

    /// Makes the app's error page the response. Unlike an exception it is no failure: changes of
    /// the session are kept, unless the status is 5xx.
    ///
    /// @throws std::invalid_argument for extensions that http_error's constructor refuses.
    void answer(const problem& content);

    /// A `boost::asio::io_context*` for the exchange's coroutines.
    [[nodiscard]] void* io_context() const noexcept { return execution_.io_context; }

    /// Puts the exchange to sleep: the handler's call returns without a response, and resume() or
    /// fail() goes on later, once.
    void suspend() noexcept {
        is_suspended_ = true;
        ++suspensions_;
    }
    [[nodiscard]] bool is_suspended() const noexcept { return is_suspended_; }

    /// How often it was put to sleep, by all requests: who has to resume it can tell whether it
    /// still sleeps the same sleep.
    [[nodiscard]] std::uint32_t suspensions() const noexcept { return suspensions_; }

    /// Keeps the exchange where it is, also when its connection and its app are gone. Hold it as
    /// long as something refers to a suspended exchange, such as a coroutine.
    [[nodiscard]] std::shared_ptr<void> hold() const noexcept { return self_.lock(); }

    /// Goes on with the response as it stands. REQUIRES: suspend() was called, and this is the
    /// thread of the event loop.
    void resume() noexcept;

    /// Goes on with an error response. As resume().
    void fail(std::exception_ptr error) noexcept;

    /// Runs `work(target, *this)` on a worker thread, and goes on with what it made. Throws
    /// worker_pool's 503 when its queue is full.
    void run_on_worker(void (*work)(const void* target, exchange& on), const void* target);

    /// For the connection: calls `done(owner)` when a suspended exchange has its response.
    void when_done(void (*done)(void* owner), void* owner) noexcept {
        done_ = done;
        owner_ = owner;
    }

    /// For the event loop: what hold() holds.
    void held_by(const std::shared_ptr<void>& self) noexcept { self_ = self; }

    /// For the connection: it is gone, and its app may be. What resumes the exchange changes
    /// nothing any more.
    void abandon() noexcept { is_abandoned_ = true; }

private:
    friend class dispatcher;

    enum class stage : std::uint8_t {
        ping,
        pinged,
        begin,
        load,
        loaded,
        listed,
        before,
        call,
        before_commit,
        commit,
        ended,
        settle,
        after,
        done
    };

    // Not std::shared_ptr, which takes the compiler much longer.
    using kept_pointer = std::unique_ptr<void, void (*)(void*)>;
    struct kept_object {
        const std::type_info* type;
        kept_pointer object;
    };
    [[nodiscard]] void* find_kept(const std::type_info& type) const noexcept;
    void keep(const std::type_info& type, kept_pointer object);

    class request request_;
    class response response_;

    // The rest is the dispatcher's.
    dispatcher* dispatcher_ = nullptr;
    const resolved_route* route_ = nullptr;
    std::array<std::string_view, max_path_values> path_values_{};
    std::string decoded_path_;
    std::string decoded_values_;
    std::unique_ptr<session_transaction> transaction_;
    std::vector<kept_object> kept_;  // may refer to the transaction's session
    std::exception_ptr error_;
    std::uint32_t suspensions_ = 0;
    std::uint16_t allowed_ = 0;  // methods, where there is no route for this one
    std::uint8_t entered_ = 0;   // how many middleware have seen the request
    stage stage_ = stage::begin;
    bool is_suspended_ = false;
    bool is_running_ = false;
    bool has_failed_ = false;
    bool has_session_ = false;
    bool is_abandoned_ = false;
    bool store_answers_ = true;

    std::weak_ptr<void> self_;
    execution execution_;
    void (*done_)(void* owner) = nullptr;
    void* owner_ = nullptr;
};

}  // namespace cloakroom
