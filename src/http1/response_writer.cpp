// SPDX-License-Identifier: MIT
#include "http1/response_writer.hpp"

#include <array>
#include <charconv>

namespace cloakroom::http1 {
namespace {

void append_status_line(std::string& out, status code) {
    if (code == status::ok) {
        out += "HTTP/1.1 200 OK\r\n";
        return;
    }
    out += "HTTP/1.1 ";
    out += std::to_string(to_number(code));
    out += ' ';
    out += reason_phrase(code);
    out += "\r\n";
}

void append_content_length(std::string& out, std::size_t bytes) {
    std::array<char, 24> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), bytes);
    static_cast<void>(error);  // 24 characters hold any size_t
    out += "Content-Length: ";
    out.append(digits.data(), end);
    out += "\r\n";
}

}  // namespace

void write_response(std::string& out, const response& made, const response_context& context) {
    const std::string_view body = made.body();
    const bool is_bodiless =
        made.status() == status::no_content || made.status() == status::not_modified;
    const bool sends_body = !is_bodiless && context.request_method != method::head;
    append_status_line(out, made.status());
    out += "Date: ";
    out += context.date;
    out += "\r\n";
    out += made.field_lines();
    if (!is_bodiless) {
        append_content_length(out, body.size());
    }
    if (!context.keeps_alive) {
        out += "Connection: close\r\n";
    } else if (context.minor_version == 0) {
        out += "Connection: keep-alive\r\n";
    }
    out += "\r\n";
    if (sends_body) {
        out += body;
    }
}

}  // namespace cloakroom::http1
