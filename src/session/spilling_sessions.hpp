// SPDX-License-Identifier: MIT
// Sessions in the client's cookie that go to another store when they are too large for it.
#pragma once

#include <cloakroom/session_store.hpp>

#include <memory>

namespace cloakroom {

/// A store of two: a session is kept by `cookie` until that says too_large, and by `larger` from
/// then on; its token is then "~" and the token there. "~" is no base64url and allowed in a cookie
/// (RFC 6265 section 4.1.1).
///
/// It promises what both promise, but is bounded as `larger` is: the cookies are on the clients.
/// The cookies that a session had before it was spilled stay what they were.
///
/// REQUIRES: no token of `cookie` begins with "~". Both stores are there.
[[nodiscard]] std::unique_ptr<session_store> spilling(std::unique_ptr<session_store> cookie,
                                                      std::shared_ptr<session_store> larger);

}  // namespace cloakroom
