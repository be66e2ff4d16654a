// SPDX-License-Identifier: MIT
// What one thread serves with: its listener, connections, deadlines and the desk they work at, on
// an io_context that may be shared with the rest of the program.
#pragma once

#include "http1/conversation.hpp"
#include "http1/desk.hpp"
#include "net/connection.hpp"
#include "net/date_cache.hpp"
#include "net/handler_memory.hpp"
#include "net/listener.hpp"
#include "net/poller.hpp"
#include "net/timer_wheel.hpp"
#include "net/visit_queue.hpp"
#include "net/worker_pool.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace cloakroom::net {

/// Serves connections on one thread: the one that runs the io_context. Only drain() may be called
/// from others.
class event_loop final : public std::enable_shared_from_this<event_loop>, private pollable {
public:
    struct setting {
        http1::service& app;
        const cloakroom::limits& limits;
        worker_pool& workers;
        std::chrono::milliseconds notice_time;
        std::chrono::milliseconds drain_time;
        std::function<void()> on_over;  ///< Called when a drain has ended.
    };

    /// Owned by a shared_ptr, so that what it left in the io_context finds out when it is gone.
    event_loop(boost::asio::io_context& context, setting shared);
    event_loop(const event_loop&) = delete;
    event_loop& operator=(const event_loop&) = delete;
    ~event_loop();

    /// Begins to accept. Call once, before the io_context runs.
    void serve(listening_socket socket);

    /// Begins to drain, after the notice time. Thread-safe and async-signal-safe.
    void drain() noexcept;

    /// Gives back all that belongs to the io_context, so that it may be destroyed. What suspended
    /// handlers refer to stays.
    void release() noexcept;

    // For the connections and the listener of this loop.
    [[nodiscard]] poller& sockets() noexcept { return poller_; }
    [[nodiscard]] const cloakroom::limits& limits() const noexcept { return shared_.limits; }
    [[nodiscard]] const http1::conversation::setting& conversations() const noexcept {
        return conversations_;
    }
    [[nodiscard]] bool is_draining() const noexcept { return is_draining_; }
    [[nodiscard]] bool is_full() const noexcept {
        return connection_count_ >= shared_.limits.connections;
    }
    /// Of the last tick that was seen: each request sees one, and so does each period.
    [[nodiscard]] std::string_view date() const noexcept { return date_.last(); }
    void add_connection(int socket, const ip_address& remote) noexcept;
    void remove_connection(connection& gone) noexcept;

    /// Lets a connection go on after others had their turn.
    void revisit(connection& busy) noexcept;

    /// A connection has something to receive. It does so when it is known which others have, too, and
    /// before anything else happens in the loop: stage by stage, the code of each stage, and the
    /// system's, is in the processor's caches for all but the first.
    void gather(connection& ready) noexcept;

    /// An empty desk to work at; null when there is no memory for one.
    [[nodiscard]] std::shared_ptr<http1::desk> take_desk() noexcept;
    void give_back(std::shared_ptr<http1::desk> returned) noexcept;

    void set_deadline(timer_entry& entry, std::chrono::milliseconds from_now) noexcept;
    void clear_deadline(timer_entry& entry) noexcept { wheel_.remove(entry); }

private:
    // The beat of the deadlines: a descriptor that becomes readable with each tick. Not a timer of
    // Asio's, which takes memory to wait.
    class ticker final : private pollable {
    public:
        explicit ticker(event_loop& loop);
        ticker(const ticker&) = delete;
        ticker& operator=(const ticker&) = delete;
        ~ticker();
        void start() noexcept;

    private:
        void on_ready(readiness now) noexcept override;

        event_loop& loop_;
        int descriptor_;
    };

    // The end of the notice time, and then of the drain time.
    class end_of_time final : public timer_entry {
    public:
        explicit end_of_time(event_loop& loop) noexcept : loop_(loop) {}
        void on_deadline() noexcept override {
            loop_.is_draining_ ? loop_.end_drain() : loop_.begin_drain();
        }

    private:
        event_loop& loop_;
    };

    // More gain little, and the first of them waits until the last has received.
    static constexpr unsigned most_gathered = 16;

    void on_ready(readiness now) noexcept override;
    void serve_gathered() noexcept;
    template <class Stage>
    void keep_gathered(Stage stage) noexcept;
    void watch() noexcept;
    void poll() noexcept;
    void poll_soon() noexcept;
    void ticked() noexcept;
    void tick_on() noexcept;
    void drop_untaken_desks() noexcept;
    void begin_notice() noexcept;
    void begin_drain() noexcept;
    void end_drain() noexcept;
    void check_over() noexcept;
    void finish() noexcept;
    void bury() noexcept;
    [[nodiscard]] tick see_tick() noexcept;

    boost::asio::io_context& context_;
    setting shared_;
    http1::conversation::setting conversations_;
    // What each request looks at is side by side, in few lines of the processor's caches.
    std::array<connection*, most_gathered> gathered_{};
    unsigned gathered_count_ = 0;
    tick seen_tick_ = 0;
    tick next_look_ = 0;     // at the spare desks
    std::time_t began_ = 0;  // a second of the monotonic clock
    std::size_t connection_count_ = 0;
    bool is_watching_ = false;
    bool is_polling_ = false;
    bool is_poll_posted_ = false;
    bool is_ticking_ = false;
    bool is_leaving_ = false;  // the notice time runs, or has run
    bool is_draining_ = false;
    bool is_over_ = false;
    std::size_t untaken_desks_ = 0;  // of the spare, at their bottom, since the last look
    std::vector<std::shared_ptr<http1::desk>> spare_desks_;
    visit_queue busy_;
    date_cache date_;
    timer_wheel wheel_;

    poller poller_;
    std::optional<boost::asio::posix::stream_descriptor> watched_;
    ticker ticker_{*this};
    end_of_time leaving_{*this};
    // For the wait and for the post, of which there is one each at most.
    std::shared_ptr<handler_memory> wait_memory_ = std::make_shared<handler_memory>();
    std::shared_ptr<handler_memory> post_memory_ = std::make_shared<handler_memory>();
    std::unique_ptr<listener> listener_;
    connection* first_ = nullptr;
    connection* graveyard_ = nullptr;
    int wake_ = -1;  // an eventfd: readable when a drain is wanted
};

}  // namespace cloakroom::net
