// SPDX-License-Identifier: MIT
#include "redis/link.hpp"

#include "redis/command.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace cloakroom::redis {

link::link(boost::asio::any_io_executor executor, const server_address& to,
           const std::shared_ptr<boost::asio::ssl::context>& tls)
    : executor_(std::move(executor)),
      address_(to),
      transport_(make_transport(executor_, to, tls)) {}

task<void> link::open(std::chrono::milliseconds most_time, const login& as) {
    boost::asio::steady_timer watchdog(executor_, most_time);
    const auto is_late = std::make_shared<bool>(false);
    watchdog.async_wait(
        [self = shared_from_this(), is_late](const boost::system::error_code& error) {
            if (!error) {
                *is_late = true;
                self->abort();
            }
        });
    std::string why;
    try {
        co_await transport_->connect(address_);
        co_await log_in(as);
    } catch (const boost::system::system_error& error) {
        why = error.code().message();
    } catch (const broken& error) {
        why = error.what();
    }
    if (*is_late) {
        why = "no connection within " + std::to_string(most_time.count()) + " ms";
    }
    if (!why.empty()) {
        throw broken("Redis at " + address_.text() + ": " + why);
    }
}

// The commands are named because GCC 12 does not take their lists inside a co_await.
task<void> link::log_in(login as) {
    if (!as.password.empty()) {
        std::string auth = as.user.empty() ? make_command({"AUTH", as.password})
                                           : make_command({"AUTH", as.user, as.password});
        co_await expect(std::move(auth), "the log-in");
    }
    if (as.database != 0) {
        std::string select = make_command({"SELECT", std::to_string(as.database)});
        co_await expect(std::move(select), "the database");
    }
    if (as.wants_master) {
        std::string ask_role = make_command({"ROLE"});
        const reply role = co_await ask(std::move(ask_role));
        if (!role.is(reply::kind::list) || role.elements.empty() ||
            role.elements.front().text != "master") {
            throw broken("it is no master");
        }
    }
    std::string ping = make_command({"PING"});
    co_await expect(std::move(ping), "PING");
}

task<void> link::expect(std::string command, std::string_view what_for) {
    const reply answer = co_await ask(std::move(command));
    // So Redis answers PING, too, while it cannot save to its disk. It can be read all the same.
    const bool is_read_only = answer.is_error("MISCONF");
    if (!answer.is(reply::kind::status) && !is_read_only) {
        throw broken("refuses " + std::string{what_for} + ": " + answer.text);
    }
}

task<reply> link::ask(std::string command) {
    std::string why;
    try {
        co_await transport_->write(command);
    } catch (const boost::system::system_error& error) {
        why = error.code().message();
    }
    if (!why.empty()) {
        throw broken(why);
    }
    co_return co_await next_reply();
}

task<reply> link::next_reply() {
    reply next;
    for (;;) {
        const reply_reader::progress found = reader_.next(next);
        if (found == reply_reader::progress::complete) {
            co_return next;
        }
        if (found == reply_reader::progress::failed) {
            throw broken("sent what is no reply: " + reader_.error());
        }
        std::string why;
        try {
            const std::size_t count = co_await transport_->read(input_);
            reader_.feed({input_.data(), count});
        } catch (const boost::system::system_error& error) {
            why = error.code().message();
        }
        if (!why.empty()) {
            throw broken(why);
        }
    }
}

void link::send(std::string_view bytes) {
    output_.append(bytes);
    if (!is_writing_) {
        is_writing_ = true;
        boost::asio::co_spawn(executor_, write_all(shared_from_this()), boost::asio::detached);
    }
}

// What is sent meanwhile goes out together, in the next write.
task<void> link::write_all(std::shared_ptr<link> self) {
    try {
        while (!self->output_.empty()) {
            self->sending_.swap(self->output_);
            self->output_.clear();
            co_await self->transport_->write(self->sending_);
        }
    } catch (const std::exception&) {
        self->abort();  // next_reply() fails, and says why
    }
    self->is_writing_ = false;
}

}  // namespace cloakroom::redis
