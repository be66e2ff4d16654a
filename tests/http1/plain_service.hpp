// SPDX-License-Identifier: MIT
// What the services that tests of a conversation make up have in common.
#pragma once

#include "http1/service.hpp"

#include <cstddef>

namespace cloakroom::http1 {

/// Takes any path; a test's own service makes the response.
class plain_service : public service {
public:
    std::size_t route(exchange& on) override {
        on.response().reset();
        return body_limit;
    }
    [[nodiscard]] bool wants_body(const exchange& /*on*/) const noexcept override {
        return takes_bodies;
    }
    void refuse(exchange& on, const refusal& why) noexcept override {
        on.response().reset();
        on.response().status(why.status);
    }

    std::size_t body_limit = 1'000'000;
    bool takes_bodies = true;
};

}  // namespace cloakroom::http1
