// SPDX-License-Identifier: MIT
#include "session/answer_records.hpp"

#include "session/base64url.hpp"
#include "session/broken_contents.hpp"
#include "session/idempotency_key.hpp"
#include "session/reserved_keys.hpp"
#include "session/sha256.hpp"
#include <cloakroom/json.hpp>
#include <cloakroom/text.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>

namespace cloakroom {
namespace {

using document = nlohmann::json;

constexpr std::string_view line_end = "\r\n";
constexpr std::uint64_t latest_seconds = 253'402'300'799;  // of the year 9999

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

std::optional<std::string> read_bytes(const document& from) {
    if (!from.is_string()) {
        return std::nullopt;
    }
    const auto& text = from.get_ref<const std::string&>();
    std::string bytes(base64url_decoded_size(text.size()), '\0');
    const std::optional<std::size_t> size = base64url_decode(text, bytes.data());
    if (!size) {
        return std::nullopt;
    }
    bytes.resize(*size);
    return bytes;
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

bool read_answer(const document& code, const document& fields, const document& content,
                 response& into) {
    const std::optional<std::string> lines = read_bytes(fields);
    std::optional<std::string> body = read_bytes(content);
    if (!code.is_number_unsigned() || code.get<std::uint64_t>() > 499 || !lines || !body) {
        return false;
    }
    into.status(static_cast<status>(code.get<unsigned>()));
    into.body(*std::move(body));
    return add_lines(*lines, into);
}

bool read_record(const document& from, answer_record& into) {
    if (!from.is_array() || from.size() != 6 || !from[0].is_string() ||
        !from[1].is_number_unsigned() || from[1].get<std::uint64_t>() > latest_seconds) {
        return false;
    }
    std::optional<std::string> fingerprint = read_bytes(from[2]);
    if (!fingerprint || fingerprint->size() != sha256_digest{}.size()) {
        return false;
    }
    into.key = from[0].get<std::string>();
    into.answered = session_time{std::chrono::seconds{from[1].get<std::int64_t>()}};
    into.fingerprint = *std::move(fingerprint);
    return is_idempotency_key(into.key) && read_answer(from[3], from[4], from[5], into.answer);
}

bool read_records(std::string_view text, answer_records& into) {
    const document list = document::parse(text, nullptr, false);
    if (!list.is_array()) {
        return false;
    }
    for (const document& each : list) {
        if (!read_record(each, into.emplace_back())) {
            return false;
        }
    }
    return true;
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
