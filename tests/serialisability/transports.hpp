// SPDX-License-Identifier: MIT
// Two ways from a workload to an app: within the process, and over a socket.
#pragma once

#include "net/running_app.hpp"
#include "net/socket_client.hpp"
#include "workload.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/testing/client.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom::serialisability {

/// A client in this process. The app must outlive it.
inline transport in_process(app& under_test) {
    return [browser = std::make_shared<testing::client>(under_test)](
               method verb, const std::string& target, const std::string& token) {
        browser->cookies().clear();
        if (!token.empty()) {
            browser->cookies()["session"] = token;
        }
        testing::reply got = browser->send(verb, target);
        std::string& now = browser->cookies()["session"];
        return answer{got.status, std::move(got.body), now == token ? std::string{} : now};
    };
}

/// The value of the session cookie in a head; empty if it sets none.
inline std::string token_in(std::string_view head) {
    constexpr std::string_view field = "\r\nSet-Cookie: session=";
    const std::size_t at = head.find(field);
    if (at == std::string_view::npos) {
        return {};
    }
    head.remove_prefix(at + field.size());
    return std::string{head.substr(0, head.find_first_of(";\r"))};
}

/// A request as it goes over a connection.
inline std::string request_text(method verb, const std::string& target, const std::string& token) {
    std::string request{to_string(verb)};
    request += ' ' + target + " HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n";
    request += token.empty() ? "" : "Cookie: session=" + token + "\r\n";
    return request + "\r\n";
}

/// A connection to a port of this machine.
inline transport by_socket(std::uint16_t port) {
    return [socket = std::make_shared<net::socket_client>(port)](
               method verb, const std::string& target, const std::string& token) {
        socket->send(request_text(verb, target, token));
        net::socket_reply got = socket->reply();
        return answer{got.status, std::move(got.body), token_in(got.head)};
    };
}

}  // namespace cloakroom::serialisability
