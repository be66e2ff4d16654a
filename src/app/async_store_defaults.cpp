// SPDX-License-Identifier: MIT
// What an async_session_store does that has no more than load() and commit().
#include <cloakroom/async_session_store.hpp>

namespace cloakroom {

task<session_load> async_session_store::list(std::string_view /*owner*/,
                                             const session_token& /*current*/, session_time /*now*/,
                                             std::vector<session_summary>& /*into*/) {
    co_return session_load::failed;
}

task<session_commit> async_session_store::end(std::string_view /*owner*/,
                                              std::string_view /*handle*/, session_time /*now*/) {
    co_return session_commit::unavailable;
}

task<session_commit> async_session_store::end_all(std::string_view /*owner*/,
                                                  const session_token* /*spared*/,
                                                  session_time /*now*/) {
    co_return session_commit::unavailable;
}

task<bool> async_session_store::ping(session_time now) {
    const session_token nobodys = session_token::random();
    stored_session unused;
    co_return co_await load(nobodys, now, unused) != session_load::failed;
}

}  // namespace cloakroom
