// SPDX-License-Identifier: MIT
#include "session/answer_records.hpp"

#include "session/base64url.hpp"
#include "session/broken_contents.hpp"
#include "session/idempotency_key.hpp"
#include "session/reserved_keys.hpp"
#include "session/sha256.hpp"
#include <cloakroom/json_fields.hpp>
#include <cloakroom/text.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr unsigned long long latest_seconds = 253'402'300'799;  // of the year 9999
constexpr unsigned long long last_recorded_status = 499;

void append_bytes(std::string& out, std::string_view bytes) {
    std::string text(base64url_size(bytes.size()), '\0');
    base64url_encode(bytes, text.data());
    out += '"';
    out += text;
    out += '"';
}

bool is_cookie(std::string_view name) noexcept {
    return equals_ignoring_case(name, "Set-Cookie");
}

std::string lines_without_cookies(std::string_view lines) {
    std::string kept;
    while (!lines.empty()) {
        const std::size_t end = lines.find(line_end) + line_end.size();
        const std::string_view line = lines.substr(0, end);
        if (!is_cookie(line.substr(0, line.find(':')))) {
            kept += line;
        }
        lines.remove_prefix(end);
    }
    return kept;
}

void append_record(std::string& out, const answer_record& from) {
    out += '[';
    append_json_string(out, from.key);
    out += ',' + std::to_string(from.answered.time_since_epoch().count()) + ',';
    append_bytes(out, from.fingerprint);
    out += ',' + std::to_string(to_number(from.answer.status())) + ',';
    append_bytes(out, lines_without_cookies(from.answer.field_lines()));
    out += ',';
    append_bytes(out, from.answer.body());
    out += ']';
}

bool read_bytes(std::string_view text, std::string& bytes) {
    bytes.resize(base64url_decoded_size(text.size()));
    const std::optional<std::size_t> size = base64url_decode(text, bytes.data());
    bytes.resize(size.value_or(0));
    return size.has_value();
}

// Adds "Name: value\r\n" again and again. Throws as response::add does for a field that is none.
bool add_lines(std::string_view lines, response& to) {
    while (!lines.empty()) {
        const std::size_t colon = lines.find(": ");
        const std::size_t end = lines.find(line_end);
        if (colon == std::string_view::npos || end == std::string_view::npos || colon > end ||
            is_cookie(lines.substr(0, colon))) {
            return false;
        }
        to.add(lines.substr(0, colon), lines.substr(colon + 2, end - colon - 2));
        lines.remove_prefix(end + line_end.size());
    }
    return true;
}

// Key, seconds, fingerprint, status, fields, content.
using stored_record = std::tuple<std::string, unsigned long long, std::string, unsigned long long,
                                 std::string, std::string>;

bool read_record(const stored_record& from, answer_record& into) {
    const auto& [key, seconds, fingerprint, code, fields, content] = from;
    std::string lines;
    std::string body;
    if (!is_idempotency_key(key) || seconds > latest_seconds || code > last_recorded_status ||
        !read_bytes(fingerprint, into.fingerprint) ||
        into.fingerprint.size() != sha256_digest{}.size() || !read_bytes(fields, lines) ||
        !read_bytes(content, body)) {
        return false;
    }
    into.key = key;
    into.answered = session_time{std::chrono::seconds{seconds}};
    into.answer.status(static_cast<status>(code)).body(std::move(body));
    return add_lines(lines, into.answer);
}

// Not by nlohmann_json: its trees need memory to be destroyed.
bool read_records(std::string_view text, answer_records& into) {
    std::vector<stored_record> list;
    return json_codec<std::vector<stored_record>>::decode(text, list) &&
           std::all_of(list.begin(), list.end(), [&into](const stored_record& each) {
               return read_record(each, into.emplace_back());
           });
}

}  // namespace

void json_codec<answer_records>::encode(std::string& out, const answer_records& value) {
    std::string_view separator = "[";
    for (const answer_record& each : value) {
        out += separator;
        append_record(out, each);
        separator = ",";
    }
    out += value.empty() ? "[]" : "]";
}

bool json_codec<answer_records>::decode(std::string_view text, answer_records& value) {
    bool is_right = false;
    try {
        is_right = read_records(text, value);
    } catch (const std::invalid_argument&) {
        // A status or a field that no response can have.
    }
    if (!is_right) {
        throw broken_contents(answers_key, "is no list of answers");
    }
    return true;
}

}  // namespace cloakroom
