// SPDX-License-Identifier: MIT
#include "session/idempotency_key.hpp"

#include "session/sha256.hpp"
#include <cloakroom/http_error.hpp>
#include <cloakroom/text.hpp>

#include <algorithm>

namespace cloakroom {
namespace {

constexpr std::string_view field_name = "Idempotency-Key";

[[noreturn]] void refuse(const char* detail) {
    throw http_error(status::bad_request, detail);
}

// What is between the quotes of a Structured Fields string. Source: RFC 8941 section 4.2.5.
std::optional<std::string> unquoted(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') {
        return std::nullopt;
    }
    text = text.substr(1, text.size() - 2);
    std::string key;
    for (std::size_t index = 0; index < text.size(); ++index) {
        if (text[index] == '"') {
            return std::nullopt;
        }
        if (text[index] == '\\' &&
            (++index == text.size() || (text[index] != '"' && text[index] != '\\'))) {
            return std::nullopt;
        }
        key += text[index];
    }
    return key;
}

}  // namespace

bool is_idempotency_key(std::string_view text) noexcept {
    return !text.empty() && text.size() <= max_idempotency_key_bytes &&
           std::all_of(text.begin(), text.end(),
                       [](char each) { return each > ' ' && each <= '~'; });
}

bool has_idempotency_key(const request& req) noexcept {
    return !is_idempotent(req.method()) && req.header(field_name);
}

std::optional<std::string> idempotency_key_of(const request& req) {
    std::optional<std::string_view> sent;
    for (const field_view& each : req.headers()) {
        if (!equals_ignoring_case(each.name, field_name)) {
            continue;
        }
        if (sent) {
            refuse("The request has more than one Idempotency-Key. Send one.");
        }
        sent = each.value;
    }
    if (!sent) {
        return std::nullopt;
    }
    std::optional<std::string> key =
        sent->starts_with('"') ? unquoted(*sent) : std::optional<std::string>{*sent};
    if (!key || !is_idempotency_key(*key)) {
        refuse(
            "The Idempotency-Key is malformed. Send 1 to 128 visible ASCII characters, such as a "
            "UUID, bare or with quotes around them.");
    }
    return key;
}

// The content is hashed first, so that it is not copied to stand behind the rest.
std::string fingerprint_of(const request& req) {
    std::string text{to_string(req.method())};
    text += ' ';
    text += req.target();
    text += '\n';
    text += bytes_of(sha256(req.body()));
    return std::string{bytes_of(sha256(text))};
}

}  // namespace cloakroom
