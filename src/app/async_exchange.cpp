// SPDX-License-Identifier: MIT
#include "app/dispatcher.hpp"
#include "net/handler_memory.hpp"
#include "net/worker_pool.hpp"
#include "session/transaction.hpp"
#include <cloakroom/exchange.hpp>
#include <cloakroom/http_error.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <stdexcept>
#include <utility>

namespace cloakroom {
namespace {

// Work in progress on a worker: keeps the event loop from ending before it is back.
using loop_hold =
    decltype(boost::asio::prefer(std::declval<boost::asio::io_context&>().get_executor(),
                                 boost::asio::execution::outstanding_work_t::tracked));

// What goes on with the exchange on its event loop.
struct return_to_loop {
    using allocator_type = handler_allocator<void>;

    exchange* on;
    std::shared_ptr<void> hold;
    std::shared_ptr<handler_memory> memory;
    std::exception_ptr error;

    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type(*memory); }
    void operator()() noexcept {
        if (error) {
            on->fail(std::move(error));
        } else {
            on->resume();
        }
    }
};

void work_and_return(void (*work)(const void*, exchange&), const void* target, return_to_loop then,
                     const loop_hold& loop) noexcept {
    try {
        work(target, *then.on);
    } catch (...) {
        then.error = std::current_exception();
    }
    boost::asio::post(loop, std::move(then));  // has its memory
}

}  // namespace

exchange::exchange(execution where) : execution_(where) {}

exchange::~exchange() = default;

session& exchange::session() {
    if (!has_session_) {
        throw std::logic_error(
            "a parameter<T> takes the session, but its declare() does not call "
            "parameter<session>::declare(into)");
    }
    return transaction_->session();
}

void* exchange::find_kept(const std::type_info& type) const noexcept {
    for (const kept_object& each : kept_) {
        if (*each.type == type) {
            return each.object.get();
        }
    }
    return nullptr;
}

void exchange::keep(const std::type_info& type, kept_pointer object) {
    kept_.push_back({&type, std::move(object)});
}

const std::vector<session_summary>& exchange::owned_sessions() const {
    if (!dispatcher::has_owned_sessions(*this)) {
        throw std::logic_error(
            "a parameter<T> takes the sessions of the owner, but its declare() does not call "
            "parameter<owned_sessions>::declare(into)");
    }
    return transaction_->owned;
}

void* exchange::find_service(const std::type_info& type) const {
    void* const found = dispatcher_->find_service(type);
    if (found == nullptr) {
        throw std::logic_error(
            "a parameter<T> takes a service that was not provided, and its declare() does not "
            "call parameter<service<...>>::declare(into)");
    }
    return found;
}

session_time exchange::now() const {
    return dispatcher_->now();
}

bool exchange::is_leaving() const noexcept {
    return dispatcher_->is_leaving();
}

void exchange::answer(const problem& content) {
    if (!is_abandoned_) {
        dispatcher_->answer_problem(*this, content);
    }
}

void exchange::resume() noexcept {
    is_suspended_ = false;
    if (is_abandoned_) {
        return;
    }
    if (!is_running_) {  // else the dispatcher's loop, further up this stack, goes on
        dispatcher_->resume(*this);
    }
}

void exchange::fail(std::exception_ptr error) noexcept {
    error_ = std::move(error);
    resume();
}

void exchange::run_on_worker(void (*work)(const void* target, exchange& on), const void* target) {
    auto& loop = *static_cast<boost::asio::io_context*>(execution_.io_context);
    const loop_hold loop_work = boost::asio::prefer(
        loop.get_executor(), boost::asio::execution::outstanding_work_t::tracked);
    return_to_loop then{this, hold(), std::make_shared<handler_memory>(), {}};
    suspend();
    const bool is_accepted =
        execution_.workers->submit([work, target, loop_work, then = std::move(then)]() mutable {
            work_and_return(work, target, std::move(then), loop_work);
        });
    if (!is_accepted) {
        is_suspended_ = false;
        throw http_error(problem{status::service_unavailable,
                                 "Too much is waiting. Try again soon.",
                                 {},
                                 {{"Retry-After", "1"}}});
    }
}

}  // namespace cloakroom
