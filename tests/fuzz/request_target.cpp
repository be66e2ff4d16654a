// SPDX-License-Identifier: MIT
// Request targets and percent-decoding.
// Property: a target's parts are its own text, in order; decoding a path and then its segments is
// the same as decoding the segments, and makes or removes no slash; what is encoded decodes to
// itself.
// Input: a target.
#include "http1/request_target.hpp"

#include "http1/host.hpp"
#include "routing/path.hpp"
#include "target.hpp"
#include <cloakroom/text.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cloakroom::fuzz {
namespace {

std::string_view take_segment(std::string_view& rest) {
    const std::size_t end = rest.find('/');
    const std::string_view segment = rest.substr(0, end);
    rest = end == std::string_view::npos ? rest.substr(rest.size()) : rest.substr(end + 1);
    return segment;
}

std::size_t slashes_in(std::string_view path) {
    std::size_t count = 0;
    for (const char character : path) {
        count += character == '/' ? 1U : 0U;
    }
    return count;
}

void check_path(std::string_view raw) {
    std::string storage;
    const std::optional<std::string_view> decoded = routing::decode_path(raw, storage);
    require(decoded.has_value() == percent_decoded(raw, plus::is_plus).has_value(),
            "a path decodes when its escapes are right");
    if (!decoded) {
        return;
    }
    require(slashes_in(*decoded) == slashes_in(raw), "decoding makes no slash");
    std::string_view rest = *decoded;
    for (std::size_t left = slashes_in(raw) + 1; left > 0; --left) {
        const std::string_view segment = take_segment(rest);
        std::string room;
        room.reserve(segment.size());
        require_same(routing::decode_segment(segment, room),
                     percent_decoded(take_segment(raw), plus::is_plus).value_or("malformed"),
                     "a segment decodes as by itself");
    }
}

void check_target(std::string_view target, method verb) {
    request::parts parts;
    parts.method = verb;
    parts.target = target;
    if (!http1::split_target(parts).empty()) {
        return;
    }
    if (target == "*") {
        require(verb == method::options && parts.path == "*", "* is for OPTIONS");
        return;
    }
    require(parts.path.starts_with('/') && parts.path.find('?') == std::string_view::npos,
            "a path begins with / and has no query");
    require(parts.host.empty() == target.starts_with('/'), "an absolute URL has a host");
    require(parts.host.empty() || http1::is_host_and_port(parts.host), "a host is one");
    std::string again(parts.host);
    again += target.substr(again.empty() ? 0 : target.find("//") + 2).starts_with(again + "/") ||
                     target.starts_with('/')
                 ? parts.path
                 : "";
    again += parts.query.empty() && !target.ends_with('?') ? "" : "?";
    again += parts.query;
    require(target.ends_with(again), "the parts are the target's own text");
    check_path(parts.path);
}

}  // namespace

void check(std::string_view input) {
    if (input.empty()) {
        return;
    }
    check_target(input, method::get);
    check_target(input, method::options);
    check_path(input);
    const std::string encoded = percent_encoded(input);
    if (input.find('\0') == std::string_view::npos) {
        require_same(percent_decoded(encoded, plus::is_space).value_or("malformed"), input,
                     "what is encoded decodes to itself");
    }
}

}  // namespace cloakroom::fuzz
