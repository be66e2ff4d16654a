// SPDX-License-Identifier: MIT
#include <cloakroom/response.hpp>
#include <cloakroom/text.hpp>

#include <algorithm>
#include <cstddef>
#include <stdexcept>

namespace cloakroom {
namespace {

/// Room for the fields of an ordinary response, so that they are allocated once.
constexpr std::size_t least_capacity_bytes = 256;

constexpr std::string_view line_end = "\r\n";

/// The fields that the server writes itself. Their lengths differ, so a switch finds the only one
/// that a name can be.
std::string_view server_field_of_size(std::size_t size) noexcept {
    switch (size) {
        case 4:
            return "Date";
        case 10:
            return "Connection";
        case 14:
            return "Content-Length";
        case 17:
            return "Transfer-Encoding";
        default:
            return {};
    }
}

void check_field(std::string_view name, std::string_view value) {
    if (!is_token(name)) {
        std::string sentence = "cloakroom: the name of a header field is a token: ";
        append_json_string(sentence, name);
        throw std::invalid_argument(sentence);
    }
    if (!is_field_value(value)) {
        throw std::invalid_argument("cloakroom: the value of " + std::string{name} +
                                    " has a control character");
    }
    const std::string_view server_field = server_field_of_size(name.size());
    if (!server_field.empty() && equals_ignoring_case(name, server_field)) {
        throw std::invalid_argument("cloakroom: " + std::string{server_field} +
                                    " is set by the server");
    }
}

/// Where the line after the one at `begin` begins: every line ends in CR LF.
std::size_t next_line(std::string_view lines, std::size_t begin) noexcept {
    return lines.find('\n', begin) + 1;
}

/// Where the first line of that name begins in `lines`, counted from the line at `from`; npos if
/// there is none.
std::size_t find_line(std::string_view lines, std::string_view name,
                      std::size_t from = 0) noexcept {
    while (lines.size() - from > name.size()) {
        if (lines[from + name.size()] == ':' &&
            equals_ignoring_case(lines.substr(from, name.size()), name)) {
            return from;
        }
        from = next_line(lines, from);
    }
    return std::string_view::npos;
}

/// The value of the line of that name that begins at `begin`.
std::string_view value_at(std::string_view lines, std::string_view name,
                          std::size_t begin) noexcept {
    const std::size_t value = begin + name.size() + 2;
    return lines.substr(value, lines.find('\r', value) - value);
}

}  // namespace

response::response(cloakroom::status code, std::string body, std::string_view content_type)
    : owned_(std::move(body)) {
    status(code);
    set("Content-Type", content_type);
}

void response::refuse_status() {
    throw std::invalid_argument("cloakroom: a response has a status from 200 to 599");
}

response& response::set_text_type() {
    if (!fields_.empty()) {
        return set("Content-Type", "text/plain; charset=utf-8");
    }
    fields_.reserve(least_capacity_bytes);
    fields_ = "Content-Type: text/plain; charset=utf-8\r\n";
    return *this;
}

response& response::body(open_file content) noexcept {
    owned_.clear();
    other_bytes_ = content.size();
    file_ = std::move(content);
    kind_ = content_kind::file;
    return *this;
}

response& response::set(std::string_view name, std::string_view value) {
    check_field(name, value);
    if (equals_ignoring_case(name, "Set-Cookie")) {
        throw std::invalid_argument(
            "cloakroom: one Set-Cookie does not replace another: use set_cookie()");
    }
    // Appended before the others go: `value` may be a view of one of them.
    std::size_t before_bytes = fields_.size();
    append({name, ": ", value, line_end});
    for (std::size_t begin = 0;
         (begin = find_line({fields_.data(), before_bytes}, name, begin)) != std::string::npos;) {
        const std::size_t line_bytes = next_line(fields_, begin) - begin;
        fields_.erase(begin, line_bytes);
        before_bytes -= line_bytes;
    }
    return *this;
}

response& response::add(std::string_view name, std::string_view value) {
    check_field(name, value);
    append({name, ": ", value, line_end});
    return *this;
}

response& response::set_cookie(const cookie& value) {
    append({"Set-Cookie: ", to_string(value), line_end});
    return *this;
}

response& response::add_to_list(std::string_view name, std::string_view token) {
    check_field(name, token);
    const std::size_t first = find_line(fields_, name);
    if (first == std::string::npos) {
        append({name, ": ", token, line_end});
        return *this;
    }
    for (std::size_t begin = first; begin != std::string::npos;
         begin = find_line(fields_, name, next_line(fields_, begin))) {
        if (list_contains(value_at(fields_, name, begin), token)) {
            return *this;
        }
    }
    std::string added = value_at(fields_, name, first).empty() ? "" : ", ";
    added += token;
    fields_.insert(fields_.find('\r', first), added);
    return *this;
}

std::optional<std::string_view> response::header(std::string_view name) const noexcept {
    const std::size_t begin = find_line(fields_, name);
    if (begin == std::string::npos) {
        return std::nullopt;
    }
    return value_at(fields_, name, begin);
}

response& response::remove(std::string_view name) {
    for (std::size_t begin = 0; (begin = find_line(fields_, name, begin)) != std::string::npos;) {
        fields_.erase(begin, next_line(fields_, begin) - begin);
    }
    return *this;
}

void response::reset() noexcept {
    fields_.clear();
    std::string{}.swap(owned_);  // body() replaces its memory anyway, and it may be large
    file_.reset();
    status_ = cloakroom::status::ok;
    kind_ = content_kind::owned;
    closes_ = false;
}

// Of whole lines.
void response::append(std::initializer_list<std::string_view> pieces) {
    std::size_t needed = fields_.size();
    for (const std::string_view piece : pieces) {
        needed += piece.size();
    }
    std::string before;  // keeps what a piece may be a view of
    if (needed > fields_.capacity()) {
        before.reserve(std::max({needed, 2 * fields_.capacity(), least_capacity_bytes}));
        before += fields_;
        before.swap(fields_);
    }
    for (const std::string_view piece : pieces) {
        fields_ += piece;
    }
}

response text(std::string body) {
    return {status::ok, std::move(body), "text/plain; charset=utf-8"};
}

response html(std::string body) {
    return {status::ok, std::move(body), "text/html; charset=utf-8"};
}

response redirect(std::string_view location, status code) {
    response made{code};
    made.set("Location", uri_encoded(location));
    return made;
}

}  // namespace cloakroom
