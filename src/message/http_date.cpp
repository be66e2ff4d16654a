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

}  // namespace

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
