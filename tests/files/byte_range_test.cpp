// SPDX-License-Identifier: MIT
#include "files/byte_range.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::files {
namespace {

/// "whole", "none", or first and last byte.
std::string read(std::string_view field, std::size_t size) {
    const byte_range range = read_byte_range(field, size);
    switch (range.what) {
        case byte_range::kind::whole:
            return "whole";
        case byte_range::kind::unsatisfiable:
            return "none";
        case byte_range::kind::part:
            return std::to_string(range.first) + "-" +
                   std::to_string(range.first + range.bytes - 1);
    }
    return {};
}

struct example {
    std::string_view field;
    std::size_t size;
    std::string_view meaning;
};

void expect(const std::vector<example>& examples) {
    for (const example& each : examples) {
        EXPECT_EQ(read(each.field, each.size), each.meaning) << each.field << " of " << each.size;
    }
}

TEST(ByteRange, IsCutAtTheEnd) {
    expect({{"bytes=0-0", 10, "0-0"},
            {"bytes=0-", 10, "0-9"},
            {"bytes=0-8", 10, "0-8"},
            {"bytes=0-9", 10, "0-9"},
            {"bytes=0-10", 10, "0-9"},
            {"bytes=9-9", 10, "9-9"},
            {"bytes=9-", 10, "9-9"},
            {"bytes=10-", 10, "none"},
            {"bytes=10-20", 10, "none"},
            {"bytes=0-0", 1, "0-0"},
            {"bytes=1-1", 1, "none"},
            {"bytes=0-", 0, "none"},
            {"bytes=0-0", 0, "none"}});
}

TEST(ByteRange, OfTheEndIsCutAtTheBegin) {
    expect({{"bytes=-1", 10, "9-9"},
            {"bytes=-9", 10, "1-9"},
            {"bytes=-10", 10, "0-9"},
            {"bytes=-11", 10, "0-9"},
            {"bytes=-0", 10, "none"},
            {"bytes=-0", 0, "none"},
            {"bytes=-1", 0, "whole"}});
}

TEST(ByteRange, TakesNumbersOfAnyLength) {
    constexpr std::size_t largest = ~std::size_t{0};
    expect({{"bytes=0-18446744073709551615", 10, "0-9"},
            {"bytes=0-18446744073709551616", 10, "0-9"},
            {"bytes=9-99999999999999999999999999999999", 10, "9-9"},
            {"bytes=18446744073709551616-", 10, "none"},
            {"bytes=99999999999999999999999999-99999999999999999999999999", 10, "none"},
            {"bytes=-18446744073709551616", 10, "0-9"},
            {"bytes=0-18446744073709551615", largest, "0-18446744073709551614"},
            {"bytes=18446744073709551614-18446744073709551615", largest,
             "18446744073709551614-18446744073709551614"},
            {"bytes=-18446744073709551615", largest, "0-18446744073709551614"},
            {"bytes=0000000000000000000000000001-2", 10, "1-2"}});
}

TEST(ByteRange, ThatIsNoneIsIgnored) {
    for (const std::string_view field :
         {"",           "bytes",     "bytes=",      "bytes=-",      "bytes=1",
          "bytes=2-1",  "bytes=a-b", "bytes=1-b",   "bytes=0x1-2",  "bytes=+1-2",
          "bytes=1--2", "bytes=--1", "bytes=1-2-3", "bytes= 1 - 2", "bytes =1-2",
          " bytes=1-2", "lines=1-2", "byte=1-2",    "bytes:1-2",    "1-2",
          "=1-2"}) {
        EXPECT_EQ(read(field, 10), "whole") << field;
    }
}

TEST(ByteRange, OfSeveralIsTheWhole) {
    for (const std::string_view field :
         {"bytes=0-1,3-4", "bytes=0-1, -1", "bytes=0-1,", "bytes=,0-1", "bytes=20-30,40-50"}) {
        EXPECT_EQ(read(field, 10), "whole") << field;
    }
}

TEST(ByteRange, HasAUnitOfAnyCaseAndSpacesAround) {
    expect({{"Bytes=1-2", 10, "1-2"}, {"BYTES=-1", 10, "9-9"}, {"bytes= 1-2 ", 10, "1-2"}});
}

}  // namespace
}  // namespace cloakroom::files
