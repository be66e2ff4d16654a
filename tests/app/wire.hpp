// SPDX-License-Identifier: MIT
// A connection to an app without a socket, whose bytes a test cuts into pieces as it likes.
#pragma once

#include "app/app_implementation.hpp"
#include "http1/conversation.hpp"
#include <cloakroom/app.hpp>

#include <boost/asio/io_context.hpp>

#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom {

/// What one connection gave back.
struct outcome {
    std::string bytes;
    bool has_closed = false;

    friend bool operator==(const outcome&, const outcome&) = default;
    friend void PrintTo(const outcome& of, std::ostream* to) {
        *to << of.bytes << (of.has_closed ? "<closed>" : "<open>");
    }
};

/// A connection without a socket.
class wire {
public:
    explicit wire(app& under_test, bool parks)
        : inside_(app_access::inside(under_test)),
          shared_{inside_.freeze(true), inside_.setup.limits},
          parks_(parks) {}

    /// One piece arrives. Between pieces others may work at the desk, so that it has to be parked.
    void receive(std::string_view piece) {
        if (got_.has_closed) {
            return;
        }
        talk_.unpark(at_);
        at_.input.append(piece);
        http1::next_step step = http1::next_step::flush;
        while (step == http1::next_step::flush) {
            step = talk_.advance(at_, shared_, now);
            take_output(step);
            while (step == http1::next_step::wait) {
                step = wait_for_handler();
                take_output(step);
            }
        }
        got_.has_closed = step == http1::next_step::close;
        if (parks_) {
            talk_.park(at_, shared_);
            at_.clear();
        }
    }

    /// The deadline of what has begun to arrive.
    void time_out() {
        talk_.unpark(at_);
        talk_.time_out(at_, shared_, now);
        http1::next_step step = http1::next_step::close;
        take_output(step);
        got_.has_closed = true;
    }

    [[nodiscard]] const outcome& got() const noexcept { return got_; }

private:
    static constexpr http1::conversation::circumstances now{"Sun, 06 Nov 1994 08:49:37 GMT"};

    void take_output(http1::next_step& step) {
        if (!at_.take_output(got_.bytes)) {
            step = http1::next_step::close;
        }
    }

    http1::next_step wait_for_handler() {
        bool is_done = false;
        at_.on.when_done([](void* done) { *static_cast<bool*>(done) = true; }, &is_done);
        while (!is_done) {
            context_.restart();
            if (context_.run_one() == 0) {
                throw std::logic_error("a handler waits for nothing");
            }
        }
        return talk_.answered(at_, shared_, now);
    }

    app_access::implementation& inside_;
    http1::conversation::setting shared_;
    http1::conversation talk_;
    http1::desk at_{execution{&context_, nullptr}};
    boost::asio::io_context context_{1};
    outcome got_;
    bool parks_;
};

}  // namespace cloakroom
