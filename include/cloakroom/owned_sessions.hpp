// SPDX-License-Identifier: MIT
// The handler parameter for a page of "your devices": the sessions of the visitor's owner.
#pragma once

#include <cloakroom/parameter.hpp>
#include <cloakroom/session_store.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace cloakroom {

/// The live sessions of the owner that session::elevate() named, the current one among them; none
/// before that. Loaded before the handler, in no particular order. session::end_other() ends one of
/// them. The app is refused at start-up when its store lacks session_capabilities::owner_index.
///
/// A handler takes it as `const owned_sessions&`, a coroutine by value.
class owned_sessions {
public:
    explicit owned_sessions(std::vector<session_summary> sessions)
        : sessions_(std::move(sessions)) {}

    [[nodiscard]] auto begin() const noexcept { return sessions_.begin(); }
    [[nodiscard]] auto end() const noexcept { return sessions_.end(); }
    [[nodiscard]] std::size_t size() const noexcept { return sessions_.size(); }
    [[nodiscard]] bool empty() const noexcept { return sessions_.empty(); }

private:
    std::vector<session_summary> sessions_;
};

template <>
struct parameter<owned_sessions> {
    static owned_sessions from(exchange& on) { return owned_sessions(on.owned_sessions()); }
    static void declare(needs& needed) {
        needed.session = true;
        needed.owned_sessions = true;
        needed.capabilities.owner_index = true;
    }
};

}  // namespace cloakroom
