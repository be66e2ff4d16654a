// SPDX-License-Identifier: MIT
#include "http1/response_writer.hpp"

#include "http1/line.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace cloakroom::http1 {
namespace {

constexpr std::string_view version = "HTTP/1.1 ";
constexpr std::string_view date_name = "\r\nDate: ";
constexpr std::string_view content_length = "Content-Length: ";
constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::size_t date_bytes = 29;    // of an IMF-fixdate
constexpr std::size_t number_bytes = 20;  // the digits of any size_t

char* put(char* to, std::string_view text) noexcept {
    return std::copy(text.begin(), text.end(), to);
}

// The end of the head, with Content-Length before it.
char* put_content_length_and_end(char* to, std::size_t bytes) noexcept {
    to = put(to, content_length);
    return put(std::to_chars(to, to + number_bytes, bytes).ptr, head_end);
}

char* put_status_and_date_name(char* to, status code, std::string_view reason) noexcept {
    if (code == status::ok) {
        return put(to, "HTTP/1.1 200 OK\r\nDate: ");
    }
    to = put(to, version);
    to = std::to_chars(to, to + number_bytes, static_cast<unsigned>(to_number(code))).ptr;
    *to++ = ' ';
    return put(put(to, reason), date_name);
}

// Nearly every response has such a head. Put together here, it costs one append; each costs.
bool append_usual_head(std::string& out, const response& made, std::string_view date) {
    constexpr std::size_t most_reason_bytes = 32;
    constexpr std::size_t most_field_bytes = 256;
    const std::string_view fields = made.field_lines();
    const bool is_ok = made.status() == status::ok;
    const std::string_view reason = is_ok ? "OK" : reason_phrase(made.status());
    if (date.size() != date_bytes || fields.size() > most_field_bytes ||
        reason.size() > most_reason_bytes) {
        return false;
    }
    std::array<char, version.size() + number_bytes + 1 + most_reason_bytes + date_name.size() +
                         date_bytes + line_end.size() + most_field_bytes + content_length.size() +
                         number_bytes + head_end.size()>
        head;
    char* end = put_status_and_date_name(head.data(), made.status(), reason);
    end = put(end, date.substr(0, date_bytes));
    end = put(end, line_end);
    end = put(end, fields);
    end = put_content_length_and_end(end, made.content_bytes());
    out.append(head.data(), end);
    return true;
}

void append_status_and_date(std::string& out, status code, std::string_view date) {
    out += version;
    out += std::to_string(to_number(code));
    out += ' ';
    out += reason_phrase(code);
    out += date_name;
    out += date;
    out += line_end;
}

void append_content_length_and_end(std::string& out, std::size_t bytes) {
    std::array<char, content_length.size() + number_bytes + head_end.size()> line;
    out.append(line.data(), put_content_length_and_end(line.data(), bytes));
}

// Apart from the usual one, whose way is shorter without it.
[[gnu::noinline]] void append_any_head(std::string& out, const response& made,
                                       const response_context& context, bool is_bodiless) {
    append_status_and_date(out, made.status(), context.date);
    out += made.field_lines();
    if (!context.keeps_alive) {
        out += "Connection: close\r\n";
    } else if (context.minor_version == 0) {
        out += "Connection: keep-alive\r\n";
    }
    if (is_bodiless) {
        out += line_end;
    } else {
        append_content_length_and_end(out, made.content_bytes());
    }
}

}  // namespace

std::string_view write_head(std::string& out, const response& made,
                            const response_context& context) {
    const bool is_bodiless = has_no_content(made.status());
    const bool is_usual = !is_bodiless && context.keeps_alive && context.minor_version != 0 &&
                          append_usual_head(out, made, context.date);
    if (!is_usual) {
        append_any_head(out, made, context, is_bodiless);
    }
    const bool sends_body = !is_bodiless && context.request_method != method::head;
    return sends_body ? made.body() : std::string_view{};
}

}  // namespace cloakroom::http1
