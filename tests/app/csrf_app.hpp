// SPDX-License-Identifier: MIT
// An app under csrf(), for its tests.
#pragma once

#include "session_app.hpp"
#include <cloakroom/csrf.hpp>

#include <string>
#include <utility>
#include <vector>

namespace cloakroom {

using field_list = std::vector<std::pair<std::string, std::string>>;

struct csrf_app : session_app {
    explicit csrf_app(csrf_options options = {}, store_kind kind = store_kind::memory)
        : session_app(kind) {
        under_test.use(csrf(std::move(options)));
        under_test.get("/token", [](session& visitor) { return csrf_token(visitor); });
        under_test.get("/form", [](session& visitor) { return csrf_field(visitor); });
        under_test.get("/plain", [] { return "plain"; });
        under_test.any("/pay", [] { return "paid"; });
        under_test.on(method::trace, "/pay", [] { return "traced"; });
        under_test.post("/pay/now", [] { return "paid"; });
        under_test.post("/login", [](session& visitor) {
            visitor.elevate("ada");
            return "welcome";
        });
        under_test.post("/hooks", [] { return "hooked"; });
        under_test.post("/hooksx", [] { return "hooked"; });
        under_test.post("/hooks/{path...}", [](std::string) { return "hooked"; });
        under_test.post("/a b", [] { return "hooked"; });
        under_test.post("/", [] { return "hooked"; });
    }
};

}  // namespace cloakroom
