// SPDX-License-Identifier: MIT
// A TCP proxy on 127.0.0.1 that fails on demand, as networks do. It does not know what passes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace cloakroom::redis {

/// Stands before a port of this machine, on a thread of its own, and forwards all at first.
///
/// All members are thread-safe; a switch has taken effect when it returns. Of pass(), cut(),
/// refuse() and black_hole() the last one called holds. Of the faults that strike once the last
/// one called holds until it has struck, or until pass(). A chunk is what one read gives: a client
/// that waits for each answer sends one a command, up to 64 KiB.
class faulty_proxy {
public:
    /// @param server  The port behind it; who connects while nothing listens there gets a reset.
    /// @throws std::runtime_error when there is no port.
    explicit faulty_proxy(std::uint16_t server);
    /// Closes all connections.
    ~faulty_proxy();
    faulty_proxy(const faulty_proxy&) = delete;
    faulty_proxy& operator=(const faulty_proxy&) = delete;

    /// The same over all switches.
    [[nodiscard]] std::uint16_t port() const noexcept;

    /// How many connections it has accepted, cut ones included. A client may know that it is
    /// connected a moment before they are counted.
    [[nodiscard]] std::size_t connections() const noexcept;

    /// Forwards everything. Delays stay.
    void pass();

    /// Closes all connections by RST, and new ones as soon as they are accepted.
    void cut();

    /// Refuses new connections. Those that are open go on: call cut() before to end them too.
    void refuse();

    /// Keeps all connections open and accepts new ones, but forwards nothing any more, not even
    /// that one side has closed. At the next switch these connections end by RST, and what they
    /// held is lost.
    void black_hole();

    /// Once: the next `chunks` from clients still reach the server, over all connections, later
    /// ones do not. When the server has answered these, the answer is dropped and all connections
    /// end. With 0 the next command does not reach the server either.
    void lose_answers_after(std::size_t chunks);

    /// Once: so many more bytes of answers reach clients, over all connections, then the connection
    /// of the last one ends. With 0 it ends instead of the next answer.
    void truncate_answers(std::size_t bytes);

    /// Once: the client gets these bytes instead of the next chunk from the server.
    void garble_answers(std::string bytes);

    /// Holds every chunk back for that long; those that come meanwhile wait in turn.
    void set_delay(std::chrono::milliseconds to_server, std::chrono::milliseconds to_client);

private:
    class listener;
    std::unique_ptr<listener> listener_;
};

}  // namespace cloakroom::redis
