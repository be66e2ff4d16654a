// SPDX-License-Identifier: MIT
// Serving where the system refuses what it takes: the start is an error that says what to do, and
// leaves no descriptor open; what is served already goes on.
#include "../refused_call.hpp"
#include "expect_parts.hpp"
#include "running_app.hpp"
#include "sample_app.hpp"
#include <cloakroom/setup_error.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>

namespace cloakroom::net {
namespace {

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::uint32_t free_descriptor() {
    const int next = ::dup(STDERR_FILENO);
    ::close(next);
    return static_cast<std::uint32_t>(next);
}

// What an app is refused with; nothing if it served.
std::string refusal_where(const refused_call& call, unsigned threads = 1) {
    const std::size_t before = open_descriptors();
    std::string refusal;
    {
        sample_app sample;
        run_options options = running_app::one_loop();
        options.threads = threads;
        options.on_listening = [&](std::uint16_t) { sample.app.stop(); };
        try {
            with_refused(call, [&] { sample.app.run(options); });
        } catch (const setup_error& error) {
            refusal = error.what();
        }
    }
    EXPECT_EQ(open_descriptors(), before);
    return refusal;
}

// The same of a loop that is there already, so that the call is none of Asio's.
std::string refusal_in_a_loop_where(const refused_call& call) {
    boost::asio::io_context loop;
    const boost::asio::steady_timer has_loop_open_its_own(loop);
    const std::size_t before = open_descriptors();
    std::string refusal;
    {
        sample_app sample;
        try {
            with_refused(
                call, [&] { static_cast<void>(sample.app.serve(loop, running_app::one_loop())); });
        } catch (const setup_error& error) {
            refusal = error.what();
        }
    }
    EXPECT_EQ(open_descriptors(), before);
    return refusal;
}

TEST(StartFaults, OfTheSocketSayWhatToDo) {
    expect_parts(refusal_where({SYS_socket, EMFILE}), {"too many open files", "ulimit -n"});
    expect_parts(refusal_where({SYS_socket, EAFNOSUPPORT}), {"does not have that address"});
    expect_parts(refusal_where({SYS_bind, EACCES}), {"ports below 1024 need privileges"});
    expect_parts(refusal_where({SYS_listen, EIO}), {"cannot listen on 127.0.0.1:0: Input/output"});
    expect_parts(refusal_where({SYS_getsockname, ENOBUFS}), {"cannot listen on 127.0.0.1:0:"});
}

TEST(StartFaults, OfAnEventLoopSayWhatToDo) {
    const refused_call timer{SYS_timerfd_create, EMFILE, {{1, TFD_NONBLOCK | TFD_CLOEXEC}}};
    for (const refused_call& call :
         {refused_call{SYS_epoll_create1, EMFILE}, timer, refused_call{SYS_eventfd2, EMFILE}}) {
        SCOPED_TRACE(call.number);
        const auto parts = {std::string_view{"the system does not give what the server needs"},
                            std::string_view{"ulimit -n"}};
        expect_parts(refusal_where(call), parts);
        expect_parts(refusal_in_a_loop_where(call), parts);
    }
}

// Of each descriptor that a start opens: some are sockets, and one is watched by Asio.
TEST(StartFaults, OfWatchingADescriptorSayWhatToDo) {
    std::size_t refused = 0;
    const std::uint32_t first = free_descriptor();
    for (std::uint32_t each = first; each < first + 12; ++each) {
        SCOPED_TRACE(each - first);
        const std::string refusal = refusal_in_a_loop_where({SYS_epoll_ctl, ENOSPC, {{2, each}}});
        if (!refusal.empty()) {
            expect_parts(refusal, {"the system does not give what the server needs"});
            ++refused;
        }
    }
    EXPECT_GE(refused, 4U);  // a timer, an event, the socket, and the set of these
}

TEST(StartFaults, OfAThreadEndTheOthers) {
    expect_parts(refusal_where({SYS_clone3, EAGAIN}, 2),
                 {"the system does not give what the server needs", "ulimit -u for threads"});
}

TEST(StartFaults, OfAWorkerAreErrorsOfOneRequest) {
    boost::asio::io_context loop;
    sample_app sample;
    const std::uint16_t port = sample.app.serve(loop, running_app::one_loop());
    std::thread runs([&] { with_refused({SYS_clone3, EAGAIN}, [&] { loop.run(); }); });
    socket_client client(port);

    const socket_reply refused = client.get("/worker/a");

    EXPECT_EQ(refused.status, 503U);
    EXPECT_EQ(client.get("/").body, "Hello, World!");
    sample.app.stop();
    runs.join();
}

TEST(StartFaults, OfWatchingAConnectionCloseIt) {
    boost::asio::io_context loop;
    sample_app sample;
    const std::uint16_t port = sample.app.serve(loop, running_app::one_loop());
    const refused_call adding{SYS_epoll_ctl, ENOSPC, {{1, EPOLL_CTL_ADD}}};
    std::thread runs([&] { with_refused(adding, [&] { loop.run(); }); });

    EXPECT_TRUE(socket_client(port).has_ended());

    sample.app.stop();
    runs.join();
}

}  // namespace
}  // namespace cloakroom::net
