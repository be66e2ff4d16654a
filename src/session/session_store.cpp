// SPDX-License-Identifier: MIT
#include <cloakroom/session_store.hpp>

namespace cloakroom {

// What a store does that has not the capability.

session_load session_store::list(std::string_view /*owner*/, const session_token& /*current*/,
                                 session_time /*now*/, std::vector<session_summary>& /*into*/) {
    return session_load::failed;
}

session_commit session_store::end(std::string_view /*owner*/, std::string_view /*handle*/,
                                  session_time /*now*/) {
    return session_commit::unavailable;
}

session_commit session_store::end_all(std::string_view /*owner*/, const session_token* /*spared*/,
                                      session_time /*now*/) {
    return session_commit::unavailable;
}

bool session_store::ping(session_time now) {
    stored_session unused;
    return load(session_token::random(), now, unused) != session_load::failed;
}

session_metrics session_store::metrics() const {
    return {};
}

}  // namespace cloakroom
