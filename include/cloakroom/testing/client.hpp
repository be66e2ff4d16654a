// SPDX-License-Identifier: MIT
// A client for tests: sends requests through the whole of an app, bytes in and bytes out, without a
// socket.
#pragma once

#include <cloakroom/app.hpp>
#include <cloakroom/method.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom::testing {

/// A response as a client reads it.
struct reply {
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;

    /// The first field of that name, up to case; "" if there is none.
    [[nodiscard]] std::string header(std::string_view name) const;
};

/// A browser of sorts: one connection to an app, with a cookie jar. Coroutine and blocking handlers
/// run as they do in a server; a call returns when the response is complete.
///
/// The first client of an app freezes it: add routes before. The app must outlive the client.
/// Not thread-safe, but several clients of one app may be used by as many threads.
class client {
public:
    /// @param mode  Production has other session cookies, and refuses weak secrets.
    /// @throws setup_error as app::run does, for what is wrong with the set-up.
    explicit client(app& under_test, deployment mode = deployment::development);
    client(const client&) = delete;
    client& operator=(const client&) = delete;
    ~client();

    reply get(std::string_view target);
    reply post(std::string_view target, std::string_view body,
               std::string_view content_type = "text/plain");

    /// Any request. Host is sent unless `fields` have one, Cookie from the jar, and Content-Length
    /// where there is a body.
    reply send(method verb, std::string_view target, std::string_view body = {},
               std::vector<std::pair<std::string, std::string>> fields = {});

    /// Sends bytes as they are, in the pieces given, and returns all bytes that come back before
    /// the app waits for more. Leaves the cookie jar alone.
    std::string send_raw(const std::vector<std::string_view>& pieces);

    /// Whether the app has closed the connection. The next request opens another one; send_raw()
    /// does so too.
    [[nodiscard]] bool is_closed() const noexcept;

    /// The cookies that the app has set and that have not been deleted, by name. May be changed.
    [[nodiscard]] std::map<std::string, std::string>& cookies() noexcept { return cookies_; }

private:
    class connection;
    std::unique_ptr<connection> connection_;
    std::map<std::string, std::string> cookies_;
};

}  // namespace cloakroom::testing
