// SPDX-License-Identifier: MIT
// What clients say of the part of a file that they want, and of the one that they have.
// Property: a part of a file lies in it, and asking for just that part gives it again; the first and
// last byte of a range in its plain form are those asked for; a date that is read is the one that is
// written; what a list of tags has strongly it has weakly.
// Input: the size of the file in its first byte, up to 2^64 - 1 in its bits, then a field value.
#include "files/byte_range.hpp"

#include "files/preconditions.hpp"
#include "message/http_date.hpp"
#include "target.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace cloakroom::fuzz {
namespace {

using files::byte_range;
using files::read_byte_range;

void check_range(std::string_view field, std::size_t size) {
    const byte_range range = read_byte_range(field, size);
    if (range.what != byte_range::kind::part) {
        require(range.first == 0 && range.bytes == 0, "what is no part has no bytes");
        return;
    }
    require(range.bytes != 0 && range.first < size && range.bytes <= size - range.first,
            "a part lies in the file");
    const std::string plain = "bytes=" + std::to_string(range.first) + "-" +
                              std::to_string(range.first + range.bytes - 1);
    const byte_range again = read_byte_range(plain, size);
    require(again.what == byte_range::kind::part && again.first == range.first &&
                again.bytes == range.bytes,
            "a part is itself");
}

void check_date(std::string_view text) {
    constexpr std::chrono::sys_seconds now{std::chrono::seconds{1'800'000'000}};
    const auto time = read_http_date(text, now);
    if (!time) {
        return;
    }
    char written[29];
    write_http_date(*time, written);
    const std::string_view again(written, sizeof written);
    require(read_http_date(again, now) == time, "a date is the one that is written");
}

void check_tags(std::string_view list) {
    const files::validators current{"\"a\"", true, {}};
    require(!files::has_tag(list, current, false) || files::has_tag(list, current, true),
            "what matches strongly matches weakly");
    request asked;
    for (const std::string_view name :
         {"If-Match", "If-None-Match", "If-Range", "If-Modified-Since", "If-Unmodified-Since"}) {
        asked.edit().fields.push_back({name, list});
    }
    static_cast<void>(files::judge(asked, current, {}));
}

}  // namespace

void check(std::string_view input) {
    if (input.empty()) {
        return;
    }
    const auto bits = static_cast<unsigned char>(input.front());
    const std::size_t size = bits < 128 ? bits : ~std::size_t{0} >> (bits & 0x3FU);
    input.remove_prefix(1);
    check_range(input, size);
    check_date(input);
    check_tags(input);
}

}  // namespace cloakroom::fuzz
