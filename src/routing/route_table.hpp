// SPDX-License-Identifier: MIT
// What has been registered: routes, and the scopes (the app, its groups) whose middleware they
// share. The dispatcher is built from it.
#pragma once

#include "routing/route_tree.hpp"
#include <cloakroom/router.hpp>
#include <cloakroom/setup_error.hpp>

#include <cstddef>
#include <deque>
#include <vector>

namespace cloakroom {

/// The routes of one app, before and while it serves.
class route_table {
public:
    /// The app, or a group in it.
    struct scope {
        std::size_t parent;  // of the app: itself
        std::vector<middleware> middleware_list;
    };

    /// Adds a route. The reference stays valid.
    ///
    /// @throws setup_error when it is there already, or is malformed.
    route& add(route added);

    [[nodiscard]] std::size_t add_scope(std::size_t parent);
    void add_middleware(std::size_t to, middleware added);

    /// The middleware of a scope and all around it, from the outside in.
    [[nodiscard]] std::vector<const middleware*> chain(std::size_t of) const;

    [[nodiscard]] const std::deque<route>& routes() const noexcept { return routes_; }
    [[nodiscard]] const routing::route_tree& tree() const noexcept { return tree_; }

    /// From now on nothing can be added, and the tree can be searched.
    void freeze();

    /// @throws setup_error after freeze().
    void refuse_when_frozen() const;

private:
    routing::route_tree tree_;
    std::deque<route> routes_;
    std::deque<scope> scopes_{scope{0, {}}};
    bool is_frozen_ = false;
};

}  // namespace cloakroom
