// SPDX-License-Identifier: MIT
// expect: a before_commit takes const response& and what a before takes, returns void
#include <cloakroom/app.hpp>

#include <optional>

struct stamp {
    std::optional<cloakroom::response> before_commit(cloakroom::session& visitor) const;
};
void set_up(cloakroom::app& app) {
    app.use(stamp{});
}
