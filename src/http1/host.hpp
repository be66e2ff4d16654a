// SPDX-License-Identifier: MIT
// The syntax of what names a server: RFC 9110 section 7.2, RFC 3986 section 3.2.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace cloakroom::http1 {

/// True for `uri-host [":" port]` with a host that is not empty: a registered name, an IPv4 address
/// or an IPv6 address in brackets, without a zone. A port is at most 65535 and may be empty.
[[nodiscard]] bool is_host_and_port(std::string_view text) noexcept;

/// Remembers the last host that was valid: most clients of a server name the same one. Used by one
/// thread.
class host_check {
public:
    /// What is_host_and_port() says of it.
    [[nodiscard]] bool operator()(std::string_view text) noexcept {
        return (text.size() == size_ && std::memcmp(text.data(), last_.data(), size_) == 0) ||
               look_closer(text);
    }

private:
    bool look_closer(std::string_view text) noexcept;

    std::array<char, 64> last_{};
    std::size_t size_ = std::string_view::npos;  // no text is that long
};

}  // namespace cloakroom::http1
