// SPDX-License-Identifier: MIT
#include "http1/chunk_decoder.hpp"

#include "http1/line.hpp"
#include "message/hexadecimal.hpp"
#include <cloakroom/text.hpp>

#include <algorithm>
#include <cstring>

namespace cloakroom::http1 {
namespace {

using state = progress::chunk_state;

constexpr std::string_view bad_size = "A chunk size is malformed.";
constexpr std::string_view bad_extension = "A chunk extension is malformed.";
constexpr std::string_view bad_size_line_end = "A chunk-size line does not end in CRLF.";
constexpr std::string_view bad_data_end = "A chunk does not end in CRLF.";
constexpr std::string_view bad_trailer = "A trailer field is malformed.";

/// Takes what is not content byte by byte. Every function is false when it refuses.
class framing_reader {
public:
    framing_reader(progress& at, const chunk_limits& allowed, refusal& why) noexcept
        : at_(at), allowed_(allowed), why_(why) {}

    [[nodiscard]] bool take(char next) noexcept {
        switch (at_.chunk) {
            case state::size_start:
            case state::size:
            case state::extension_blank:
            case state::extension:
                return take_in_size_line(next);
            case state::size_lf:
                return next == '\n' ? end_size_line() : refuse(bad_size_line_end);
            case state::data_cr:
                return expect('\r', next, state::data_lf, bad_data_end);
            case state::data_lf:
                at_.line_bytes = 0;
                return expect('\n', next, state::size_start, bad_data_end);
            case state::trailer_start:
            case state::trailer_name:
            case state::trailer_value:
            case state::trailer_lf:
                return take_in_trailer(next);
            case state::end_lf:
                return expect('\n', next, state::done, bad_trailer);
            case state::data:
            case state::done:
                break;  // not framing
        }
        return false;
    }

private:
    bool refuse(std::string_view detail, status code = status::bad_request) noexcept {
        why_ = {code, detail};
        return false;
    }

    bool go_to(state next) noexcept {
        at_.chunk = next;
        return true;
    }

    bool expect(char wanted, char got, state then, std::string_view detail) noexcept {
        return got == wanted ? go_to(then) : refuse(detail);
    }

    bool take_in_size_line(char next) noexcept {
        if (next == '\r' && (at_.chunk == state::size || at_.chunk == state::extension)) {
            return go_to(state::size_lf);
        }
        if (++at_.line_bytes > chunk_line_bytes) {
            return refuse("A chunk-size line is too long.");
        }
        if (at_.chunk == state::extension) {
            return is_field_value({&next, 1}) || refuse(bad_extension);
        }
        const int digit = hex_value(next);
        if (digit >= 0 && at_.chunk != state::extension_blank) {
            return add_digit(static_cast<std::size_t>(digit));
        }
        if (at_.chunk == state::size_start) {
            return refuse(bad_size);
        }
        if (is_blank(next)) {
            return go_to(state::extension_blank);
        }
        return expect(';', next, state::extension, bad_size);
    }

    bool add_digit(std::size_t digit) noexcept {
        const std::size_t left =
            allowed_.body_bytes - std::min(allowed_.body_bytes, at_.body_bytes);
        // More digits would only make it larger. What is within the limit does not overflow.
        if (digit > left || at_.chunk_left > (left - digit) / 16) {
            return refuse(content_too_large, status::content_too_large);
        }
        at_.chunk_left = at_.chunk_left * 16 + digit;
        return go_to(state::size);
    }

    bool end_size_line() noexcept {
        constexpr std::size_t line_ends = 4;  // of the size and of the data
        constexpr std::size_t large_chunk = chunk_overhead_bytes;
        const std::size_t accounted_for = 16 + 2 * std::min(at_.chunk_left, large_chunk);
        at_.chunk_overhead += at_.line_bytes + line_ends;
        at_.chunk_overhead -= std::min(at_.chunk_overhead, accounted_for);
        if (at_.chunk_overhead > chunk_overhead_bytes) {
            return refuse("The chunks have far more framing than content.");
        }
        at_.line_bytes = 0;
        return go_to(at_.chunk_left == 0 ? state::trailer_start : state::data);
    }

    bool take_in_trailer(char next) noexcept {
        if (at_.chunk == state::trailer_start && next == '\r') {
            return go_to(state::end_lf);
        }
        if (++at_.line_bytes > allowed_.trailer_bytes) {
            return refuse("The trailer section is too long.",
                          status::request_header_fields_too_large);
        }
        if (at_.chunk == state::trailer_lf) {
            return expect('\n', next, state::trailer_start, bad_trailer);
        }
        if (at_.chunk == state::trailer_value) {
            return next == '\r' ? go_to(state::trailer_lf)
                                : is_field_value({&next, 1}) || refuse(bad_trailer);
        }
        if (at_.chunk == state::trailer_name && next == ':') {
            return go_to(state::trailer_value);
        }
        return is_token({&next, 1}) ? go_to(state::trailer_name) : refuse(bad_trailer);
    }

    progress& at_;
    const chunk_limits& allowed_;
    refusal& why_;
};

void take_data(char* data, std::size_t size, progress& at) noexcept {
    const std::size_t count = std::min(at.chunk_left, size - at.read_bytes);
    std::memmove(data + at.head_bytes + at.body_bytes, data + at.read_bytes, count);
    at.body_bytes += count;
    at.read_bytes += count;
    at.chunk_left -= count;
    if (at.chunk_left == 0) {
        at.chunk = state::data_cr;
    }
}

}  // namespace

parse_result decode_chunks(char* data, std::size_t size, progress& at, const chunk_limits& allowed,
                           refusal& why) noexcept {
    framing_reader framing(at, allowed, why);
    while (at.chunk != state::done && at.read_bytes < size) {
        if (at.chunk == state::data) {
            take_data(data, size, at);
        } else if (!framing.take(data[at.read_bytes++])) {
            return parse_result::refused;
        }
    }
    return at.chunk == state::done ? parse_result::complete : parse_result::incomplete;
}

}  // namespace cloakroom::http1
