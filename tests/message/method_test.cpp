// SPDX-License-Identifier: MIT
#include <cloakroom/method.hpp>

#include <gtest/gtest.h>

#include <string_view>

namespace cloakroom {
namespace {

TEST(Method, IsReadAsItIsWritten) {
    for (std::size_t index = 0; index < method_count; ++index) {
        const auto value = static_cast<method>(index);
        EXPECT_EQ(parse_method(to_string(value)), value);
    }
    EXPECT_EQ(to_string(method::delete_), "DELETE");
}

TEST(Method, IsNoOtherText) {
    for (const std::string_view token : {"", "get", "GE", "GETS", "PROPFIND", " GET"}) {
        EXPECT_FALSE(parse_method(token)) << token;
    }
}

TEST(Method, SafeOnesOnlyRead) {
    for (const method value : {method::get, method::head, method::options, method::trace}) {
        EXPECT_TRUE(is_safe(value)) << to_string(value);
    }
    for (const method value :
         {method::post, method::put, method::delete_, method::connect, method::patch}) {
        EXPECT_FALSE(is_safe(value)) << to_string(value);
    }
}

TEST(Method, IdempotentOnesMayBeRepeated) {
    for (const method value : {method::get, method::head, method::options, method::trace,
                               method::put, method::delete_}) {
        EXPECT_TRUE(is_idempotent(value)) << to_string(value);
    }
    for (const method value : {method::post, method::connect, method::patch}) {
        EXPECT_FALSE(is_idempotent(value)) << to_string(value);
    }
}

}  // namespace
}  // namespace cloakroom
