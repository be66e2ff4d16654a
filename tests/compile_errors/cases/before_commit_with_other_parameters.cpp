// SPDX-License-Identifier: MIT
// expect: cloakroom: unknown handler parameter
#include <cloakroom/app.hpp>

struct basket {};
struct stamp {
    void before_commit(const cloakroom::response& answer, basket mine) const;
};
void set_up(cloakroom::app& app) {
    app.use(stamp{});
}
