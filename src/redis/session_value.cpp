// SPDX-License-Identifier: MIT
#include "redis/session_value.hpp"

#include <algorithm>
#include <chrono>

namespace cloakroom::redis {
namespace {

constexpr char layout_version = 1;
constexpr char tombstone_mark = 'x';
constexpr std::size_t version_bytes = 8;
constexpr std::size_t time_bytes = 5;
constexpr std::size_t times_bytes = 4 * time_bytes;
constexpr std::size_t ids_bytes = 8 * remembered_commits;
constexpr std::size_t length_bytes = 2;
constexpr std::size_t head_bytes = 1 + version_bytes + times_bytes + ids_bytes;

void append_number(std::string& out, std::uint64_t number, std::size_t bytes) {
    for (std::size_t left = bytes; left > 0; --left) {
        out += static_cast<char>(number >> (8 * (left - 1)));
    }
}

std::uint64_t read_number(std::string_view bytes) noexcept {
    std::uint64_t number = 0;
    for (const char each : bytes) {
        number = number << 8U | static_cast<unsigned char>(each);
    }
    return number;
}

session_time read_time(std::string_view bytes) noexcept {
    return session_time{std::chrono::seconds{read_number(bytes)}};
}

// Takes a text with its length before it off `rest`. @return False where it is cut short.
bool take_name(std::string_view& rest, std::string& into) {
    if (rest.size() < length_bytes) {
        return false;
    }
    const std::uint64_t size = read_number(rest.substr(0, length_bytes));
    rest.remove_prefix(length_bytes);
    if (size > session_record::max_name_bytes || size > rest.size()) {
        return false;
    }
    into = rest.substr(0, size);
    rest.remove_prefix(size);
    return true;
}

}  // namespace

std::string encode_version(session_version version) {
    std::string bytes;
    append_number(bytes, version, version_bytes);
    return bytes;
}

std::string encode_time(session_time time) {
    constexpr std::int64_t last = (std::int64_t{1} << (8 * time_bytes)) - 1;
    const std::int64_t seconds = time.time_since_epoch().count();
    std::string bytes;
    append_number(bytes, static_cast<std::uint64_t>(std::clamp<std::int64_t>(seconds, 0, last)),
                  time_bytes);
    return bytes;
}

std::string encode_times(const session_record& record) {
    return encode_time(record.issued) + encode_time(record.used) +
           encode_time(record.idle_deadline) + encode_time(record.absolute_deadline);
}

std::string encode_contents(const session_record& record) {
    std::string bytes;
    for (const std::string* const name : {&record.owner, &record.label}) {
        append_number(bytes, name->size(), length_bytes);
        bytes += *name;
    }
    return bytes += record.values.encoded();
}

value_kind decode_value(std::string_view bytes, stored_session& into) {
    if (bytes.starts_with(tombstone_mark)) {
        return value_kind::tombstone;
    }
    if (bytes.size() < head_bytes || bytes.front() != layout_version) {
        return value_kind::unknown;
    }
    into.version = read_number(bytes.substr(1, version_bytes));
    decode_times(bytes.substr(1 + version_bytes, times_bytes), into.record);
    into.wants_renewal = false;
    into.may_be_stale = false;
    bytes.remove_prefix(head_bytes);
    const bool is_whole = take_name(bytes, into.record.owner) &&
                          take_name(bytes, into.record.label) && into.record.values.decode(bytes);
    return is_whole ? value_kind::session : value_kind::unknown;
}

void decode_times(std::string_view bytes, session_record& into) noexcept {
    into.issued = read_time(bytes.substr(0, time_bytes));
    into.used = read_time(bytes.substr(time_bytes, time_bytes));
    into.idle_deadline = read_time(bytes.substr(2 * time_bytes, time_bytes));
    into.absolute_deadline = read_time(bytes.substr(3 * time_bytes, time_bytes));
}

}  // namespace cloakroom::redis
