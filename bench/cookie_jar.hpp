// SPDX-License-Identifier: MIT
// A visitor's cookies, for closed_loop. Not a browser's: one server, and no security.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom::bench {

/// The cookies of one connection, as a visitor's browser would keep them; knows no domains, paths
/// or dates.
class cookie_jar {
public:
    void store(std::string_view set_cookie) {
        const std::string_view pair = set_cookie.substr(0, set_cookie.find(';'));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos) {
            return;
        }
        std::string name(pair.substr(0, equals));
        if (set_cookie.find("Max-Age=0") != std::string_view::npos) {
            cookies_.erase(name);
        } else {
            cookies_[std::move(name)] = pair.substr(equals + 1);
        }
    }

    std::string field_value() const {
        std::string text;
        for (const auto& [name, value] : cookies_) {
            text.append(text.empty() ? "" : "; ").append(name).append("=").append(value);
        }
        return text;
    }

private:
    std::map<std::string, std::string> cookies_;
};

}  // namespace cloakroom::bench
