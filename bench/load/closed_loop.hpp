// SPDX-License-Identifier: MIT
// The closed loop: each connection sends its requests in one write, and the next ones when all are
// answered. So it never measures how long a request waits for its turn.
#pragma once

#include "connection.hpp"

#include <cstddef>

namespace cloakroom::load {

class closed_loop final : public pacing {
public:
    /// @param end  From then on no request begins.
    closed_loop(std::size_t pipeline, time_point end) : pipeline_(pipeline), end_(end) {}

    /// Sends the first requests of a connection, late as it may be: so there is always something to
    /// measure. REQUIRES: it is open, and has sent nothing.
    void begin(connection& peer, time_point now) { send(peer, now); }

    void on_room(connection& peer, time_point now) override {
        if (now < end_ && peer.is_idle() && peer.has_room()) {
            send(peer, now);
        }
    }

    [[nodiscard]] bool has_work(const connection& /*peer*/, time_point now) const override {
        return now < end_;
    }

private:
    void send(connection& peer, time_point now) const {
        for (std::size_t i = 0; i < pipeline_; ++i) {
            peer.ask(now, now);
        }
        peer.flush();
    }

    std::size_t pipeline_;
    time_point end_;
};

}  // namespace cloakroom::load
