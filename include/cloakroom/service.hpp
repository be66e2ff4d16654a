// SPDX-License-Identifier: MIT
// How a handler reaches what the program shares: a database pool, a directory, a clock.
#pragma once

namespace cloakroom {

/// A handler parameter: the T that `app.provide(...)` was given. That every service which a route
/// takes was provided is checked before serving starts.
///
/// All threads share one T: its members must be safe to call from several threads at once. Valid
/// while the app lives.
template <class T>
class service {
public:
    explicit service(T& target) noexcept : target_(&target) {}

    [[nodiscard]] T& operator*() const noexcept { return *target_; }
    [[nodiscard]] T* operator->() const noexcept { return target_; }

private:
    T* target_;
};

}  // namespace cloakroom
