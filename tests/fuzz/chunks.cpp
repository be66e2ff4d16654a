// SPDX-License-Identifier: MIT
// The chunked transfer coding.
// Property: however the chunks are cut into pieces, and whether or not the framing is dropped
// meanwhile, they give the same content or the same refusal; the content keeps to its limit, and
// what lies behind the message stays as it is.
// Input: a line of lengths (cut_text), then the chunks.
#include "http1/parsing.hpp"
#include "target.hpp"

#include <string>
#include <string_view>

namespace cloakroom::fuzz {
namespace {

constexpr std::string_view head =
    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

limits small_limits() {
    limits small;
    small.body_bytes = 300;
    small.trailer_bytes = 40;
    return small;
}

http1::parsed_message receive(const cut_text& text, const limits& allowed,
                              http1::framing_bytes framing) {
    http1::piecewise_receiver receiver(allowed, framing);
    http1::parse_result result = receiver.add(head);
    for (const std::string_view piece : text.pieces()) {
        if (result != http1::parse_result::incomplete) {
            break;
        }
        result = receiver.add(piece);
    }
    return std::move(receiver).finish();
}

}  // namespace

void check(std::string_view input) {
    static const limits allowed = small_limits();
    const cut_text text(input);
    const http1::parsed_message whole =
        http1::parse(std::string(head) + std::string(text.whole), allowed);
    for (const auto framing : {http1::framing_bytes::kept, http1::framing_bytes::dropped}) {
        require_same(describe(receive(text, allowed, framing)), describe(whole),
                     "chunks in pieces are the whole ones");
    }
    if (whole.result == http1::parse_result::complete) {
        require(whole.at.body_bytes <= allowed.body_bytes, "the content keeps to its limit");
        const std::size_t read_bytes = whole.at.read_bytes;
        require(read_bytes <= whole.bytes.size(), "no more is read than came");
        const std::string_view bytes(whole.bytes.data(), whole.bytes.size());
        require_same(bytes.substr(read_bytes), text.whole.substr(read_bytes - head.size()),
                     "what is behind the message stays");
    }
}

}  // namespace cloakroom::fuzz
