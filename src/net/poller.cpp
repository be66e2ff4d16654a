// SPDX-License-Identifier: MIT
#include "net/poller.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace cloakroom::net {

poller::poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) {
        throw std::system_error(errno, std::system_category(), "epoll_create1");
    }
}

poller::~poller() {
    ::close(epoll_);
}

bool poller::control(int operation, int socket, std::uint32_t events, pollable& waits) noexcept {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &waits;
    return ::epoll_ctl(epoll_, operation, socket, &event) == 0;
}

bool poller::watch_changes(int socket, pollable& waits) noexcept {
    return control(EPOLL_CTL_ADD, socket, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, waits);
}

bool poller::watch_readable(int socket, pollable& waits) noexcept {
    return control(EPOLL_CTL_ADD, socket, EPOLLIN, waits);
}

void poller::pause(int socket, pollable& waits) noexcept {
    static_cast<void>(control(EPOLL_CTL_MOD, socket, 0, waits));
}

void poller::go_on(int socket, pollable& waits) noexcept {
    static_cast<void>(control(EPOLL_CTL_MOD, socket, EPOLLIN, waits));
}

unsigned poller::dispatch() noexcept {
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 0);
    for (int index = 0; index < count; ++index) {
        const epoll_event& each = events[static_cast<std::size_t>(index)];
        static_cast<pollable*>(each.data.ptr)
            ->on_ready({(each.events & (EPOLLIN | EPOLLRDHUP)) != 0, (each.events & EPOLLOUT) != 0,
                        (each.events & EPOLLRDHUP) != 0,
                        (each.events & (EPOLLERR | EPOLLHUP)) != 0});
    }
    return count < 0 ? 0U : static_cast<unsigned>(count);
}

}  // namespace cloakroom::net
