// SPDX-License-Identifier: MIT
#include "http1/request_target.hpp"

#include "http1/host.hpp"
#include <cloakroom/text.hpp>

#include <algorithm>
#include <cstddef>

namespace cloakroom::http1 {
namespace {

/// True without controls, blanks, bytes beyond ASCII and "#". RFC 3986 allows fewer, but browsers
/// send more than it allows.
bool has_target_characters_only(std::string_view text) noexcept {
    bool has_other = false;
    for (const char character : text) {  // without branches, so that compilers vectorise it
        const auto byte = static_cast<unsigned char>(character);
        has_other |= byte < 0x21 || byte > 0x7E || byte == '#';
    }
    return !has_other;
}

/// The bytes of "http://" or "https://" that `target` begins with; 0 for anything else.
std::size_t scheme_bytes(std::string_view target) noexcept {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (equals_ignoring_case(target.substr(0, scheme.size()), scheme)) {
            return scheme.size();
        }
    }
    return 0;
}

}  // namespace

std::string_view split_target(request::parts& parts) noexcept {
    std::string_view rest = parts.target;
    if (!has_target_characters_only(rest)) {
        return "The request target has characters that must be percent-encoded.";
    }
    if (rest == "*") {
        parts.path = rest;
        parts.query = {};
        return parts.method == method::options ? std::string_view{}
                                               : "The request target * is for OPTIONS alone.";
    }
    if (!rest.starts_with('/')) {
        const std::size_t scheme = scheme_bytes(rest);
        if (scheme == 0) {
            return "The request target is neither a path nor an http URL.";
        }
        rest.remove_prefix(scheme);
        const std::size_t authority = std::min(rest.find_first_of("/?"), rest.size());
        parts.host = rest.substr(0, authority);
        if (!is_host_and_port(parts.host)) {  // has no "@" either: RFC 9110 section 4.2.4
            return "The request target has no valid host.";
        }
        rest.remove_prefix(authority);
    }
    const std::size_t path = std::min(rest.find('?'), rest.size());
    parts.path = path == 0 ? "/" : rest.substr(0, path);
    parts.query = rest.substr(std::min(path + 1, rest.size()));
    return {};
}

}  // namespace cloakroom::http1
