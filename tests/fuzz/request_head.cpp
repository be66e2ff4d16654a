// SPDX-License-Identifier: MIT
// A request's head, and what begins behind it.
// Property: a head that the short way takes (plain_head) means the same to Beast's parser; and a
// head that comes in pieces means what it does in one.
// Input: a line of lengths (cut_text), then the message.
#include "http1/parsing.hpp"
#include "http1/plain_head.hpp"
#include "target.hpp"

#include <string>
#include <string_view>

namespace cloakroom::fuzz {
namespace {

limits small_limits() {
    limits small;
    small.header_count = 8;
    small.target_bytes = 80;
    small.body_bytes = 100;
    small.trailer_bytes = 40;
    return small;
}

// But for how many bytes the head takes. The body is the same code for both.
std::string head_meaning(http1::parsed_message message, std::size_t bytes_before) {
    message.at.head_bytes -= bytes_before;
    message.at.body_bytes = 0;
    return describe(message);
}

}  // namespace

void check(std::string_view input) {
    static const limits allowed = small_limits();
    const cut_text text(input);
    http1::progress at;
    request::parts parts;
    const http1::parsed_message whole = http1::parse(text.whole, allowed);
    http1::host_check is_host;
    if (http1::read_plain_head(text.whole, allowed, is_host, at, parts) != 0) {
        // An empty line before the request is not for the short way.
        require_same(head_meaning(http1::parse(text.whole, allowed), 0),
                     head_meaning(http1::parse("\r\n" + std::string(text.whole), allowed), 2),
                     "a plain head means what Beast reads");
    }
    http1::piecewise_receiver receiver(allowed);
    for (const std::string_view piece : text.pieces()) {
        if (receiver.add(piece) != http1::parse_result::incomplete) {
            break;
        }
    }
    require_same(describe(std::move(receiver).finish()), describe(whole),
                 "a message in pieces is the whole one");
}

}  // namespace cloakroom::fuzz
