// SPDX-License-Identifier: MIT
#include "session/record_codec.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace cloakroom {
namespace {

constexpr std::size_t time_bytes = 5;
static_assert(record_head_bytes == 3 * time_bytes);

constexpr std::int64_t last_second = (std::int64_t{1} << (8 * time_bytes)) - 1;

char* put(session_time time, char* out) noexcept {
    std::int64_t rest = std::clamp<std::int64_t>(time.time_since_epoch().count(), 0, last_second);
    for (std::size_t index = time_bytes; index-- > 0; rest >>= 8) {
        out[index] = static_cast<char>(rest & 0xFF);
    }
    return out + time_bytes;
}

session_time take(std::string_view& bytes) noexcept {
    std::int64_t seconds = 0;
    for (const char byte : bytes.substr(0, time_bytes)) {
        seconds = seconds << 8 | static_cast<unsigned char>(byte);
    }
    bytes.remove_prefix(time_bytes);
    return session_time{std::chrono::seconds{seconds}};
}

}  // namespace

void encode_record(const session_record& record, char* out) noexcept {
    out = put(record.issued, out);
    out = put(record.idle_deadline, out);
    out = put(record.absolute_deadline, out);
    const std::string_view values = record.values.encoded();
    std::copy(values.begin(), values.end(), out);
}

session_load decode_record(std::string_view bytes, session_time now, session_record& into) {
    if (bytes.size() < record_head_bytes) {
        return session_load::invalid;
    }
    session_record times;
    times.issued = take(bytes);
    times.idle_deadline = take(bytes);
    times.absolute_deadline = take(bytes);
    if (times.is_expired(now)) {
        return session_load::absent;
    }
    if (!into.values.decode(bytes)) {
        return session_load::invalid;
    }
    into.issued = times.issued;
    into.idle_deadline = times.idle_deadline;
    into.absolute_deadline = times.absolute_deadline;
    return session_load::found;
}

}  // namespace cloakroom
