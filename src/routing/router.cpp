// SPDX-License-Identifier: MIT
#include "routing/route_table.hpp"
#include <cloakroom/router.hpp>

#include <array>
#include <utility>

namespace cloakroom {
namespace {

constexpr std::array every_method{method::get, method::post, method::put, method::patch,
                                  method::delete_};

}  // namespace

route& router::add_route(std::optional<method> verb, std::string_view path,
                         std::optional<std::size_t> expected_placeholders, endpoint handler) {
    if (path.empty()) {
        throw setup_error("a route's pattern is empty: \"/\" is the least");
    }
    route made;
    made.pattern_ = nested_prefix(path);
    made.method_ = verb;
    made.endpoint_ = std::move(handler);
    made.scope_ = scope_;
    made.table_ = table_;
    const std::size_t placeholders = count_placeholders(made.pattern_);
    if (expected_placeholders && *expected_placeholders != placeholders) {
        throw setup_error("the pattern \"" + made.pattern_ + "\" has " +
                          std::to_string(placeholders) + " placeholders, but its handler takes " +
                          std::to_string(*expected_placeholders) +
                          " path parameters: give the handler one number or string for each "
                          "placeholder, in order");
    }
    if (!expected_placeholders && placeholders != count_placeholders(path)) {
        throw setup_error("the group prefix of \"" + made.pattern_ +
                          "\" has placeholders, so that its handler must take those first: "
                          "register the route with runtime_pattern");
    }
    return table_->add(std::move(made));
}

void router::add_middleware(middleware added) {
    table_->add_middleware(scope_, std::move(added));
}

std::string router::nested_prefix(std::string_view path) const {
    if (path.empty()) {  // a group for the sake of its middleware
        return prefix_;
    }
    if (!path.starts_with('/')) {
        throw setup_error("the pattern \"" + std::string{path} + "\" must begin with a slash");
    }
    if (path == "/" && !prefix_.empty()) {
        return prefix_;
    }
    std::string nested = prefix_;
    if (nested.ends_with('/')) {  // group("/"), group("/admin/")
        nested.pop_back();
    }
    return nested += path;
}

void route::refuse_when_frozen() const {
    table_->refuse_when_frozen();
}

std::size_t router::new_scope() {
    return table_->add_scope(scope_);
}

route& route_table::add(route added) {
    refuse_when_frozen();
    const auto id = static_cast<routing::route_id>(routes_.size());
    if (added.method_) {
        tree_.insert(*added.method_, added.pattern_, id);
    } else {
        tree_.insert(every_method, added.pattern_, id);
    }
    return routes_.emplace_back(std::move(added));
}

std::size_t route_table::add_scope(std::size_t parent) {
    refuse_when_frozen();
    scopes_.push_back({parent, {}});
    return scopes_.size() - 1;
}

void route_table::add_middleware(std::size_t to, middleware added) {
    refuse_when_frozen();
    scopes_[to].middleware_list.push_back(std::move(added));
}

std::vector<const middleware*> route_table::chain(std::size_t of) const {
    std::vector<const middleware*> result;
    if (of != 0) {
        result = chain(scopes_[of].parent);
    }
    for (const middleware& each : scopes_[of].middleware_list) {
        result.push_back(&each);
    }
    return result;
}

void route_table::freeze() {
    is_frozen_ = true;
    tree_.freeze();
}

void route_table::refuse_when_frozen() const {
    if (is_frozen_) {
        throw setup_error(
            "the app is serving already: add routes and middleware before run(), "
            "serve() or the first testing::client");
    }
}

}  // namespace cloakroom
