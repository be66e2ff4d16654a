// SPDX-License-Identifier: MIT
#include "http1/request_parser.hpp"

#include "http1/chunk_decoder.hpp"
#include "http1/head_meaning.hpp"
#include "http1/head_parser.hpp"
#include "http1/line.hpp"
#include "http1/plain_head.hpp"
#include <cloakroom/text.hpp>

#include <algorithm>

namespace cloakroom::http1 {
namespace {

parse_result refuse(refusal& why, status code, std::string_view detail) noexcept {
    why = {code, detail};
    return parse_result::refused;
}

/// Looks for the blank line from `at.scanned` on, line by line, and lets no bare LF and no folded
/// line pass (RFC 9112 sections 2.2 and 5.2). When complete, `at.scanned` is behind it.
///
/// REQUIRES: `bytes` has at least one byte before any LF from `at.scanned` on.
parse_result find_head_end(std::string_view bytes, progress& at, refusal& why) noexcept {
    std::size_t from = at.scanned;
    for (;;) {
        const std::size_t feed = bytes.find('\n', from);
        if (feed == std::string_view::npos) {
            at.scanned = bytes.size();
            return parse_result::incomplete;
        }
        if (bytes[feed - 1] != '\r') {
            return refuse(why, status::bad_request,
                          "A line of the request's head ends in LF without CR.");
        }
        const std::string_view next = bytes.substr(feed + 1, line_end.size());
        if (next == line_end) {
            at.scanned = feed + 1 + line_end.size();
            return parse_result::complete;
        }
        if (next.empty() || next == "\r") {
            at.scanned = feed;
            return parse_result::incomplete;
        }
        if (next[0] == ' ' || next[0] == '\t') {
            return refuse(why, status::bad_request,
                          "A line of the request's head begins with white space.");
        }
        from = feed + 1;
    }
}

/// Whether the target is longer than `most`, as far as it has come. `line` begins with the request
/// line.
bool has_longer_target(std::string_view line, std::size_t most) noexcept {
    if (line.size() <= most) {
        return false;
    }
    line = line.substr(0, line.find_first_of(line_end));
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) {
        return false;
    }
    line.remove_prefix(space + 1);
    return std::min(line.find(' '), line.size()) > most;
}

/// What to make of a head without an end in the first `limits::header_bytes`.
parse_result judge_incomplete(std::string_view message, const limits& allowed,
                              refusal& why) noexcept {
    if (message.size() >= allowed.header_bytes) {
        return refuse(why, status::request_header_fields_too_large,
                      "The request line and header fields are too long.");
    }
    return parse_result::incomplete;
}

/// Looks for the end of the head that begins at `begin`. A target that is too long comes before all
/// else that is wrong, so that the answer does not depend on how much has come at once.
parse_result look_for_head(std::string_view received, std::size_t begin, const limits& allowed,
                           progress& at, refusal& why) noexcept {
    const std::string_view window = received.substr(0, allowed.header_bytes);
    if (has_longer_target(window.substr(begin), allowed.target_bytes)) {
        return refuse(why, status::uri_too_long, target_too_long);
    }
    at.scanned = std::max(at.scanned, begin);
    const parse_result found = find_head_end(window, at, why);
    return found == parse_result::incomplete ? judge_incomplete(received, allowed, why) : found;
}

/// For the answer to a head that is refused before it is parsed: HEAD gets no content.
void take_method(std::string_view message, request::parts& out) noexcept {
    out.method = parse_method(message.substr(0, message.find(' '))).value_or(out.method);
}

}  // namespace

parse_result request_parser::parse_head(std::string_view received, progress& at,
                                        request::parts& out, refusal& why) {
    const bool is_first_time = at.head_bytes == 0;
    if (at.scanned == 0 || !is_first_time) {  // all of it may be there
        if (const std::size_t bytes = read_plain_head(received, *limits_, is_host_, at, out);
            bytes != 0) {
            if (is_first_time) {
                at.head_bytes = at.read_bytes = bytes;
            }
            return parse_result::complete;
        }
        out.fields.clear();  // of a head that is refused none are known, however it came
    }
    // RFC 9112 section 2.2: old clients send an empty line after a body.
    const std::size_t begin = received.starts_with(line_end) ? line_end.size() : 0;
    if (received.size() == begin || received == "\r") {
        return judge_incomplete(received, *limits_, why);
    }
    if (!is_token(received.substr(begin, 1))) {  // also what a TLS client begins with
        return refuse(why, status::bad_request, "The request does not begin with a method.");
    }
    if (is_first_time) {
        const parse_result judged = look_for_head(received, begin, *limits_, at, why);
        if (judged == parse_result::refused) {
            take_method(received.substr(begin), out);
        }
        if (judged != parse_result::complete) {
            return judged;
        }
    }
    const std::size_t head_bytes = is_first_time ? at.scanned : at.head_bytes;
    const std::string_view head = received.substr(begin, head_bytes - begin);
    if (!parse_complete_head(head, *limits_, is_host_, at, out, why)) {
        take_method(head, out);
        return parse_result::refused;
    }
    if (is_first_time) {
        at.head_bytes = at.read_bytes = head_bytes;
    }
    return parse_result::complete;
}

parse_result request_parser::parse_body(char* data, std::size_t size, progress& at,
                                        std::size_t body_limit, refusal& why) const {
    switch (at.body_framing) {
        case progress::framing::none:
            return parse_result::complete;
        case progress::framing::chunked:
            return decode_chunks(data, size, at, {body_limit, limits_->trailer_bytes}, why);
        case progress::framing::length:
            break;
    }
    if (at.content_length > body_limit) {
        return refuse(why, status::content_too_large, content_too_large);
    }
    const auto wanted = static_cast<std::size_t>(at.content_length);
    at.body_bytes = std::min(size - at.head_bytes, wanted);
    at.read_bytes = at.head_bytes + at.body_bytes;
    return at.body_bytes == wanted ? parse_result::complete : parse_result::incomplete;
}

std::size_t request_parser::drop_framing(progress& at) noexcept {
    at.read_bytes = at.head_bytes + at.body_bytes;
    return at.read_bytes;
}

}  // namespace cloakroom::http1
