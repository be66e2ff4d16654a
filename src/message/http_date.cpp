// SPDX-License-Identifier: MIT
#include "message/http_date.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace cloakroom {
namespace {

constexpr std::string_view form = "Sun, 01 Jan 0000 00:00:00 GMT";
constexpr std::string_view weekdays = "SunMonTueWedThuFriSat";
constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";

void write_two_digits(unsigned value, char* out) noexcept {
    out[0] = static_cast<char>('0' + value / 10 % 10);
    out[1] = static_cast<char>('0' + value % 10);
}

void write_name(std::string_view names, unsigned index, char* out) noexcept {
    std::copy_n(names.data() + std::size_t{3} * index, 3, out);
}

/// Takes a date apart from its begin on. What does not fit makes it fail, and stays so.
class date_reader {
public:
    explicit date_reader(std::string_view text) noexcept : left_(text) {}

    void skip(std::string_view expected) noexcept {
        if (!left_.starts_with(expected)) {
            return fail();
        }
        left_.remove_prefix(expected.size());
    }

    void skip_letters() noexcept {
        std::size_t count = 0;
        while (count < left_.size() && left_[count] >= 'A' && left_[count] <= 'z') {
            ++count;
        }
        left_.remove_prefix(count);
    }

    unsigned number(std::size_t digits) noexcept {
        unsigned value = 0;
        for (std::size_t at = 0; at < digits; ++at) {
            if (at >= left_.size() || left_[at] < '0' || left_[at] > '9') {
                fail();
                return 0;
            }
            value = value * 10 + static_cast<unsigned>(left_[at] - '0');
        }
        left_.remove_prefix(digits);
        return value;
    }

    unsigned month() noexcept {
        for (unsigned index = 0; index < 12; ++index) {
            const std::string_view name = months.substr(std::size_t{3} * index, 3);
            if (left_.starts_with(name)) {
                left_.remove_prefix(3);
                return index + 1;
            }
        }
        fail();
        return 1;
    }

    std::chrono::seconds time() noexcept {
        const unsigned hour = number(2);
        skip(":");
        const unsigned minute = number(2);
        skip(":");
        const unsigned second = number(2);
        if (hour > 23 || minute > 59 || second > 60) {  // 60 for a leap second
            fail();
        }
        return std::chrono::seconds{hour * 3600 + minute * 60 + second};
    }

    [[nodiscard]] bool begins_with(char expected) const noexcept {
        return left_.starts_with(expected);
    }
    [[nodiscard]] bool has_failed() const noexcept { return has_failed_; }
    [[nodiscard]] bool is_at_end() const noexcept { return left_.empty(); }

private:
    void fail() noexcept { has_failed_ = true; }

    std::string_view left_;
    bool has_failed_ = false;
};

struct date_parts {
    unsigned year = 0;
    unsigned month = 0;
    unsigned day = 0;
    std::chrono::seconds time{};
};

// "06 Nov 1994 08:49:37 GMT", or with hyphens and two digits of the year.
date_parts read_day_month_year(date_reader& from, unsigned century) noexcept {
    date_parts parts;
    parts.day = from.number(2);
    const bool is_short = from.begins_with('-');
    const std::string_view separator = is_short ? "-" : " ";
    from.skip(separator);
    parts.month = from.month();
    from.skip(separator);
    parts.year = is_short ? century * 100 + from.number(2) : from.number(4);
    from.skip(" ");
    parts.time = from.time();
    from.skip(" GMT");
    return parts;
}

// "Nov  6 08:49:37 1994"
date_parts read_month_day_year(date_reader& from) noexcept {
    date_parts parts;
    parts.month = from.month();
    from.skip(" ");
    if (from.begins_with(' ')) {
        from.skip(" ");
        parts.day = from.number(1);
    } else {
        parts.day = from.number(2);
    }
    from.skip(" ");
    parts.time = from.time();
    from.skip(" ");
    parts.year = from.number(4);
    return parts;
}

std::chrono::year year_of(std::chrono::sys_seconds time) noexcept {
    return std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(time)}.year();
}

}  // namespace

std::optional<std::chrono::sys_seconds> read_http_date(std::string_view text,
                                                       std::chrono::sys_seconds now) noexcept {
    const int this_year = static_cast<int>(year_of(now));
    date_reader from(text);
    from.skip_letters();
    date_parts parts;
    if (from.begins_with(',')) {
        from.skip(", ");
        parts = read_day_month_year(from, static_cast<unsigned>(this_year) / 100);
    } else {
        from.skip(" ");
        parts = read_month_day_year(from);
    }
    const bool is_short = text.find('-') != std::string_view::npos;
    if (is_short && static_cast<int>(parts.year) > this_year + 50) {
        parts.year -= 100;
    }
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(parts.year)},
                                           std::chrono::month{parts.month},
                                           std::chrono::day{parts.day}};
    if (from.has_failed() || !from.is_at_end() || !date.ok()) {
        return std::nullopt;
    }
    return std::chrono::sys_days{date} + parts.time;
}

void write_http_date(std::chrono::sys_seconds time, char (&out)[29]) noexcept {
    const auto midnight = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{midnight};
    const auto second = static_cast<unsigned>((time - midnight).count());
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
    std::copy(form.begin(), form.end(), out);
    write_name(weekdays, std::chrono::weekday{midnight}.c_encoding(), out);
    write_two_digits(static_cast<unsigned>(date.day()), out + 5);
    write_name(months, static_cast<unsigned>(date.month()) - 1, out + 8);
    write_two_digits(year / 100, out + 12);
    write_two_digits(year, out + 14);
    write_two_digits(second / 3600, out + 17);
    write_two_digits(second / 60 % 60, out + 20);
    write_two_digits(second % 60, out + 23);
}

}  // namespace cloakroom
