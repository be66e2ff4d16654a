// SPDX-License-Identifier: MIT
#include "net/event_loop.hpp"

#include <boost/asio/post.hpp>

#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <system_error>
#include <utility>

namespace cloakroom::net {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds tick_time{100};

constexpr long ticks_a_second = std::chrono::seconds{1} / tick_time;
constexpr long nanoseconds_a_tick = std::chrono::nanoseconds{tick_time}.count();

timespec monotonic_time() noexcept {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return time;
}

// So that a tick can count it.
constexpr std::chrono::milliseconds longest_wait = std::chrono::hours{24 * 365 * 3};

// What is served before the rest of the io_context gets its turn, which costs two system calls and
// more: so many times what is ready, or sockets.
constexpr unsigned rounds_a_turn = 32;
constexpr std::size_t sockets_a_turn = 256;

// What a connection with work left counts for.
constexpr std::size_t sockets_of_busy = 32;

constexpr std::size_t most_spare_desks = 32;

// How long responses wait for those of other connections, so that handlers which take long do not
// add up; and how many are made between two looks at the clock.
constexpr std::chrono::microseconds longest_stage{100};
constexpr unsigned looks_after = 4;

// What Asio calls on the loop, unless that is over: it may outlive the loop in the io_context.
template <class Step>
struct loop_handler {
    using allocator_type = handler_allocator<void>;

    std::weak_ptr<event_loop> loop;
    std::shared_ptr<handler_memory> memory;
    Step step;

    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type(*memory); }
    void operator()(boost::system::error_code error = {}) const noexcept {
        const auto self = loop.lock();
        if (!error && self) {
            step(*self);
        }
    }
};

}  // namespace

event_loop::ticker::ticker(event_loop& loop)
    : loop_(loop), descriptor_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
    if (descriptor_ < 0 || !loop_.poller_.watch_readable(descriptor_, *this)) {
        const int error = errno;
        ::close(descriptor_);
        throw std::system_error(error, std::system_category(), "timerfd_create");
    }
}

event_loop::ticker::~ticker() {
    ::close(descriptor_);
}

void event_loop::ticker::start() noexcept {
    const itimerspec next{{}, {0, std::chrono::nanoseconds{tick_time}.count()}};
    static_cast<void>(::timerfd_settime(descriptor_, 0, &next, nullptr));
}

void event_loop::ticker::on_ready(readiness /*now*/) noexcept {
    std::uint64_t expirations = 0;
    [[maybe_unused]] const ssize_t got = ::read(descriptor_, &expirations, sizeof expirations);
    loop_.serve_gathered();
    loop_.ticked();
}

event_loop::event_loop(boost::asio::io_context& context, setting shared)
    : context_(context),
      shared_(std::move(shared)),
      conversations_{shared_.app, shared_.limits},
      began_(monotonic_time().tv_sec),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    static_cast<void>(date_.now());
    if (wake_ < 0 || !poller_.watch_readable(wake_, *this)) {
        const int error = errno;
        ::close(wake_);  // a constructor that throws has no destructor
        throw std::system_error(error, std::system_category(), "eventfd");
    }
}

event_loop::~event_loop() {
    release();
    bury();
    while (first_ != nullptr) {
        connection* const gone = first_;
        first_ = gone->next_;
        delete gone;
    }
    ::close(wake_);
}

void event_loop::serve(listening_socket socket) {
    listener_ = std::make_unique<listener>(*this, std::move(socket));
    watched_.emplace(context_, poller_.descriptor());
    watch();
}

void event_loop::release() noexcept {
    is_over_ = true;
    if (watched_) {
        watched_->release();  // the descriptor is the poller's
        watched_.reset();
    }
}

void event_loop::watch() noexcept {
    if (std::exchange(is_watching_, true)) {
        return;
    }
    const auto step = [](event_loop& self) {
        if (!self.is_over_) {
            self.is_watching_ = false;
            self.poll();
        }
    };
    watched_->async_wait(boost::asio::posix::stream_descriptor::wait_read,
                         loop_handler<decltype(step)>{weak_from_this(), wait_memory_, step});
}

void event_loop::poll_soon() noexcept {
    if (std::exchange(is_poll_posted_, true)) {
        return;
    }
    const auto step = [](event_loop& self) {
        if (!self.is_over_) {
            self.is_poll_posted_ = false;
            self.poll();
        }
    };
    boost::asio::post(context_, loop_handler<decltype(step)>{weak_from_this(), post_memory_, step});
}

void event_loop::poll() noexcept {
    is_polling_ = true;
    std::size_t served = 0;
    for (unsigned round = 0; round < rounds_a_turn && served < sockets_a_turn; ++round) {
        const std::size_t ready = poller_.dispatch();
        serve_gathered();
        const std::size_t busy = busy_.size();
        for (std::size_t left = busy; left != 0 && !busy_.is_empty(); --left) {
            static_cast<connection&>(busy_.take()).go_on();
        }
        serve_gathered();
        if (ready == 0 && busy_.is_empty()) {
            break;
        }
        served += ready + busy * sockets_of_busy;
    }
    is_polling_ = false;
    bury();
    if (is_over_) {
        return;
    }
    if (busy_.is_empty()) {
        watch();
    } else {
        poll_soon();
    }
}

void event_loop::add_connection(int socket, const ip_address& remote) noexcept {
    auto* const added = new (std::nothrow) connection(*this, socket, remote);
    if (added == nullptr) {
        ::close(socket);
        return;
    }
    added->next_ = first_;
    if (first_ != nullptr) {
        first_->previous_ = added;
    }
    first_ = added;
    ++connection_count_;
    set_deadline(*added, shared_.limits.header_time);
    if (!poller_.watch_changes(socket, *added)) {
        added->close();
    }
}

void event_loop::remove_connection(connection& gone) noexcept {
    (gone.previous_ != nullptr ? gone.previous_->next_ : first_) = gone.next_;
    if (gone.next_ != nullptr) {
        gone.next_->previous_ = gone.previous_;
    }
    busy_.remove(gone);
    // It may be on the stack, or among the events at hand: it is deleted later.
    gone.next_ = graveyard_;
    graveyard_ = &gone;
    --connection_count_;
    if (listener_ && !is_draining_) {
        listener_->go_on();
    }
    check_over();
}

void event_loop::bury() noexcept {
    while (graveyard_ != nullptr) {
        connection* const dead = graveyard_;
        graveyard_ = dead->next_;
        delete dead;
    }
}

// In twice it would be gathered twice in one stage, and lose what it had received first.
void event_loop::revisit(connection& busy) noexcept {
    busy_.add(busy);
    if (!is_polling_) {
        poll_soon();
    }
}

void event_loop::gather(connection& ready) noexcept {
    gathered_[gathered_count_++] = &ready;
    if (gathered_count_ == most_gathered) {
        serve_gathered();
    }
}

// Keeps those of the gathered for which `stage` returns true, in their order.
template <class Stage>
void event_loop::keep_gathered(Stage stage) noexcept {
    unsigned kept = 0;
    for (unsigned index = 0; index < gathered_count_; ++index) {
        connection* const each = gathered_[index];
        if (stage(*each)) {
            gathered_[kept++] = each;
        }
    }
    gathered_count_ = kept;
}

void event_loop::serve_gathered() noexcept {
    keep_gathered([](connection& each) { return each.begin_turn(); });
    keep_gathered([](connection& each) { return each.receive_first(); });
    std::array<connection::turn, most_gathered> turns;
    for (unsigned begin = 0; begin < gathered_count_;) {
        const bool has_clock = gathered_count_ - begin > looks_after;
        const auto began = has_clock ? steady_clock::now() : steady_clock::time_point{};
        unsigned end = begin;
        do {
            gathered_[end]->respond(turns[end]);
            ++end;
        } while (end < gathered_count_ &&
                 ((end - begin) % looks_after != 0 || steady_clock::now() - began < longest_stage));
        for (unsigned index = begin; index < end; ++index) {
            gathered_[index]->send(turns[index]);
        }
        for (; begin < end; ++begin) {
            gathered_[begin]->end_turn(turns[begin]);
        }
    }
    gathered_count_ = 0;
}

// As long as something depends on it.
inline void event_loop::tick_on() noexcept {
    if (!is_ticking_ && !(wheel_.is_empty() && spare_desks_.empty())) {
        is_ticking_ = true;
        ticker_.start();
    }
}

std::shared_ptr<http1::desk> event_loop::take_desk() noexcept {
    if (!spare_desks_.empty()) {
        std::shared_ptr<http1::desk> spare = std::move(spare_desks_.back());
        spare_desks_.pop_back();
        if (spare_desks_.size() < untaken_desks_) {
            untaken_desks_ = spare_desks_.size();
        }
        return spare;
    }
    try {
        auto made = std::make_shared<http1::desk>(execution{&context_, &shared_.workers});
        made->on.held_by(made);
        return made;
    } catch (...) {
        return nullptr;
    }
}

void event_loop::give_back(std::shared_ptr<http1::desk> returned) noexcept {
    try {
        returned->clear();
        if (spare_desks_.size() < most_spare_desks) {
            spare_desks_.push_back(std::move(returned));
            tick_on();
        }
    } catch (...) {
        // Out of memory: then it is one desk less.
    }
}

// Each desk keeps the room that its largest work took. Those at the bottom are rarely taken: after a
// burst they would keep it for good.
void event_loop::drop_untaken_desks() noexcept {
    spare_desks_.erase(spare_desks_.begin(),
                       spare_desks_.begin() + static_cast<std::ptrdiff_t>(untaken_desks_));
    untaken_desks_ = spare_desks_.size();
}

// The one look at a clock that a request takes. It may be some milliseconds late, as ticks are.
tick event_loop::see_tick() noexcept {
    const timespec time = monotonic_time();
    const auto now = static_cast<tick>((time.tv_sec - began_) * ticks_a_second +
                                       time.tv_nsec / nanoseconds_a_tick);
    if (now != seen_tick_) {
        seen_tick_ = now;
        static_cast<void>(date_.now());
    }
    return now;
}

void event_loop::set_deadline(timer_entry& entry, std::chrono::milliseconds from_now) noexcept {
    // Not from wheel_.now(): that lags while a handler, or the system, keeps the loop.
    const tick now = std::max(see_tick(), wheel_.now());
    if (wheel_.is_empty()) {
        wheel_.advance(now);
    }
    const auto ticks = std::min(from_now / tick_time, longest_wait / tick_time);
    wheel_.set(entry, now + 1 + static_cast<tick>(ticks));
    tick_on();
}

void event_loop::ticked() noexcept {
    is_ticking_ = false;
    const tick now = see_tick();
    wheel_.advance(now);
    if (now >= next_look_) {
        next_look_ = now + ticks_a_second;
        drop_untaken_desks();
    }
    tick_on();
}

void event_loop::drain() noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t put = ::write(wake_, &one, sizeof one);
}

void event_loop::on_ready(readiness /*now*/) noexcept {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(wake_, &count, sizeof count);
    serve_gathered();
    if (!is_leaving_) {
        is_leaving_ = true;
        begin_notice();
    }
}

void event_loop::begin_notice() noexcept {
    if (shared_.notice_time.count() == 0) {
        return begin_drain();
    }
    set_deadline(leaving_, shared_.notice_time);
}

void event_loop::begin_drain() noexcept {
    listener_->close();
    is_draining_ = true;
    connection* next = nullptr;
    for (connection* each = first_; each != nullptr; each = next) {
        next = each->next_;
        each->drain();
    }
    check_over();
    if (!is_over_) {
        set_deadline(leaving_, shared_.drain_time);
    }
}

void event_loop::end_drain() noexcept {
    shared_.workers.close();  // the work that waits is of connections that go now
    connection* next = nullptr;
    for (connection* each = first_; each != nullptr; each = next) {
        next = each->next_;
        each->close();
    }
    finish();  // handlers that still run are left to themselves
}

void event_loop::check_over() noexcept {
    if (is_draining_ && connection_count_ == 0) {
        finish();
    }
}

void event_loop::finish() noexcept {
    if (is_over_) {
        return;
    }
    release();
    if (shared_.on_over) {
        shared_.on_over();
    }
}

}  // namespace cloakroom::net
