// SPDX-License-Identifier: MIT
// What a connection asks of the application. The connection knows no router and no handlers.
#pragma once

#include "http1/request_parser.hpp"
#include <cloakroom/exchange.hpp>

#include <cstddef>

namespace cloakroom::http1 {

/// Turns requests into responses. Called by many event loops at once, each with exchanges of its
/// own.
class service {
public:
    service() = default;
    service(const service&) = delete;
    service& operator=(const service&) = delete;

    /// The head of a request is there: finds its route.
    ///
    /// @return How many bytes its body may have.
    virtual std::size_t route(exchange& on) = 0;

    /// Whether the route takes a body; false where there is no route. After route().
    [[nodiscard]] virtual bool wants_body(const exchange& on) const noexcept = 0;

    /// The whole request is there, and route() has been called on it. Leaves a response, or leaves
    /// the exchange suspended. Never throws: an error is a response.
    virtual void respond(exchange& on) noexcept = 0;

    /// The bytes were no acceptable request. Leaves an error response.
    virtual void refuse(exchange& on, const refusal& why) noexcept = 0;

protected:
    ~service() = default;
};

}  // namespace cloakroom::http1
