// SPDX-License-Identifier: MIT
#include "session/record_codec.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

namespace cloakroom {
namespace {

constexpr std::size_t time_bytes = 5;
constexpr std::int64_t last_second = (std::int64_t{1} << (8 * time_bytes)) - 1;

// The most groups of a difference of two times, and of a length up to max_name_bytes.
constexpr std::size_t difference_groups = 6;
constexpr std::size_t most_length_groups = 2;
static_assert(session_record::max_name_bytes < std::size_t{1} << (7 * most_length_groups));
static_assert(8 * time_bytes + 1 <= 7 * difference_groups);

constexpr std::size_t most_head_bytes =
    time_bytes + 3 * difference_groups + 2 * (most_length_groups + session_record::max_name_bytes);

std::int64_t seconds_of(session_time time) noexcept {
    return std::clamp<std::int64_t>(time.time_since_epoch().count(), 0, last_second);
}

char* put_number(std::uint64_t number, char* out) noexcept {
    for (; number >= 0x80; number >>= 7) {
        *out++ = static_cast<char>((number & 0x7F) | 0x80);
    }
    *out++ = static_cast<char>(number);
    return out;
}

// Small for small numbers of either sign.
char* put_difference(std::int64_t difference, char* out) noexcept {
    const auto doubled = static_cast<std::uint64_t>(difference) << 1;
    return put_number(difference < 0 ? ~doubled : doubled, out);
}

char* put_text(std::string_view text, char* out) noexcept {
    out = put_number(text.size(), out);
    return std::copy(text.begin(), text.end(), out);
}

// Takes numbers and texts off the front of `bytes`; false where there is none.
class record_reader {
public:
    explicit record_reader(std::string_view bytes) noexcept : rest_(bytes) {}

    [[nodiscard]] bool take_time(std::int64_t& seconds) noexcept {
        if (rest_.size() < time_bytes) {
            return false;
        }
        seconds = 0;
        for (const char byte : rest_.substr(0, time_bytes)) {
            seconds = seconds << 8 | static_cast<unsigned char>(byte);
        }
        rest_.remove_prefix(time_bytes);
        return true;
    }

    // A time, `from` plus a difference, in the range of take_time().
    [[nodiscard]] bool take_later_time(std::int64_t from, std::int64_t& seconds) noexcept {
        std::uint64_t number = 0;
        if (!take_number(difference_groups, number)) {
            return false;
        }
        const auto half = static_cast<std::int64_t>(number >> 1);
        seconds = from + ((number & 1U) != 0 ? ~half : half);
        return seconds >= 0 && seconds <= last_second;
    }

    [[nodiscard]] bool take_text(std::string& text) {
        std::uint64_t size = 0;
        if (!take_number(most_length_groups, size) || size > session_record::max_name_bytes ||
            size > rest_.size()) {
            return false;
        }
        text.assign(rest_.substr(0, size));
        rest_.remove_prefix(size);
        return true;
    }

    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

private:
    [[nodiscard]] bool take_number(std::size_t most_groups, std::uint64_t& number) noexcept {
        number = 0;
        for (std::size_t count = 0; count < std::min(most_groups, rest_.size()); ++count) {
            const auto group = static_cast<unsigned char>(rest_[count]);
            number |= static_cast<std::uint64_t>(group & 0x7FU) << (7 * count);
            if (group < 0x80) {
                rest_.remove_prefix(count + 1);
                return group != 0 || count == 0;  // else the same number has fewer groups
            }
        }
        return false;
    }

    std::string_view rest_;
};

session_time time_of(std::int64_t seconds) noexcept {
    return session_time{std::chrono::seconds{seconds}};
}

}  // namespace

std::size_t encode_record(const session_record& record, std::span<char> out) noexcept {
    std::array<char, most_head_bytes> head;
    const std::int64_t issued = seconds_of(record.issued);
    const std::int64_t used = seconds_of(record.used);
    for (std::size_t index = 0; index < time_bytes; ++index) {
        head[index] = static_cast<char>(issued >> (8 * (time_bytes - 1 - index)) & 0xFF);
    }
    char* end = put_difference(used - issued, head.data() + time_bytes);
    end = put_difference(seconds_of(record.idle_deadline) - used, end);
    end = put_difference(seconds_of(record.absolute_deadline) - issued, end);
    end = put_text(record.owner, end);
    end = put_text(record.label, end);
    const std::string_view values = record.values.encoded();
    const auto size = static_cast<std::size_t>(end - head.data()) + values.size();
    if (size > out.size()) {
        return 0;
    }
    std::copy(values.begin(), values.end(), std::copy(head.data(), end, out.data()));
    return size;
}

session_load decode_record(std::string_view bytes, session_time now, session_record& into) {
    record_reader reader(bytes);
    std::int64_t issued = 0;
    std::int64_t used = 0;
    std::int64_t idle = 0;
    std::int64_t absolute = 0;
    if (!reader.take_time(issued) || !reader.take_later_time(issued, used) ||
        !reader.take_later_time(used, idle) || !reader.take_later_time(issued, absolute) ||
        !reader.take_text(into.owner) || !reader.take_text(into.label)) {
        return session_load::invalid;
    }
    into.issued = time_of(issued);
    into.used = time_of(used);
    into.idle_deadline = time_of(idle);
    into.absolute_deadline = time_of(absolute);
    if (into.is_expired(now)) {
        return session_load::absent;
    }
    return into.values.decode(reader.rest()) ? session_load::found : session_load::invalid;
}

}  // namespace cloakroom
