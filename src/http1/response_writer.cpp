// SPDX-License-Identifier: MIT
#include "http1/response_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace cloakroom::http1 {
namespace {

// In one piece for the common status: each append costs.
void append_status_and_date(std::string& out, status code, std::string_view date) {
    constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nDate: ";
    constexpr std::size_t date_bytes = 29;  // of an IMF-fixdate
    if (code == status::ok && date.size() == date_bytes) {
        std::array<char, ok.size() + date_bytes + 2> line;
        std::memcpy(line.data(), ok.data(), ok.size());
        std::memcpy(line.data() + ok.size(), date.data(), date_bytes);
        line[line.size() - 2] = '\r';
        line[line.size() - 1] = '\n';
        out.append(line.data(), line.size());
        return;
    }
    out += "HTTP/1.1 ";
    out += std::to_string(to_number(code));
    out += ' ';
    out += reason_phrase(code);
    out += "\r\nDate: ";
    out += date;
    out += "\r\n";
}

// The end of the head, with Content-Length before it.
void append_content_length_and_end(std::string& out, std::size_t bytes) {
    constexpr std::string_view name = "Content-Length: ";
    std::array<char, name.size() + 20 + 4> line;  // 20 digits hold any size_t
    std::memcpy(line.data(), name.data(), name.size());
    char* end = std::to_chars(line.data() + name.size(), line.data() + name.size() + 20, bytes).ptr;
    constexpr std::string_view head_end = "\r\n\r\n";
    end = std::copy(head_end.begin(), head_end.end(), end);
    out.append(line.data(), end);
}

}  // namespace

std::string_view write_head(std::string& out, const response& made,
                            const response_context& context) {
    const std::string_view body = made.body();
    const bool is_bodiless =
        made.status() == status::no_content || made.status() == status::not_modified;
    const bool sends_body = !is_bodiless && context.request_method != method::head;
    append_status_and_date(out, made.status(), context.date);
    out += made.field_lines();
    if (!context.keeps_alive) {
        out += "Connection: close\r\n";
    } else if (context.minor_version == 0) {
        out += "Connection: keep-alive\r\n";
    }
    if (is_bodiless) {
        out += "\r\n";
    } else {
        append_content_length_and_end(out, body.size());
    }
    return sends_body ? body : std::string_view{};
}

}  // namespace cloakroom::http1
