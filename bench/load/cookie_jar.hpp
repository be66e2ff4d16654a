// SPDX-License-Identifier: MIT
// The cookies of one connection, as a visitor's browser would keep them. Knows no domains, paths or
// dates.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom::load {

class cookie_jar {
public:
    static constexpr std::size_t cookie_limit = 50;              // what RFC 6265 asks of browsers
    static constexpr std::size_t cookie_limit_bytes = 8 * 1024;  // twice what browsers keep

    /// Keeps a cookie, or drops it for `Max-Age=0`. One that is over a limit, or without a `=`, is
    /// ignored.
    ///
    /// @param set_cookie  The value of Set-Cookie.
    void store(std::string_view set_cookie) {
        const std::string_view pair = set_cookie.substr(0, set_cookie.find(';'));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || pair.size() > cookie_limit_bytes) {
            return;
        }
        std::string name(pair.substr(0, equals));
        if (set_cookie.find("Max-Age=0") != std::string_view::npos) {
            cookies_.erase(name);
        } else if (cookies_.size() < cookie_limit || cookies_.contains(name)) {
            cookies_[std::move(name)] = pair.substr(equals + 1);
        }
    }

    /// The value of the field Cookie; empty without cookies.
    [[nodiscard]] std::string field_value() const {
        std::string text;
        for (const auto& [name, value] : cookies_) {
            text.append(text.empty() ? "" : "; ").append(name).append("=").append(value);
        }
        return text;
    }

private:
    std::map<std::string, std::string> cookies_;
};

}  // namespace cloakroom::load
