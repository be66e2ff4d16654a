// SPDX-License-Identifier: MIT
#include "load/cookie_jar.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cloakroom::load {
namespace {

TEST(CookieJar, KeepsReplacesAndDrops) {
    cookie_jar jar;
    jar.store("a=1; Path=/; HttpOnly");
    jar.store("b=2");
    jar.store("a=3");
    EXPECT_EQ(jar.field_value(), "a=3; b=2");

    jar.store("a=; Max-Age=0");
    jar.store("no pair");
    EXPECT_EQ(jar.field_value(), "b=2");
}

TEST(CookieJar, KeepsNoMoreThanItsLimits) {
    cookie_jar jar;
    jar.store("large=" + std::string(cookie_jar::cookie_limit_bytes - 5, 'x'));
    EXPECT_EQ(jar.field_value(), "");

    for (std::size_t i = 0; i < cookie_jar::cookie_limit; ++i) {
        jar.store(std::to_string(100 + i) + "=1");
    }
    const std::string full = jar.field_value();
    jar.store("another=1");
    EXPECT_EQ(jar.field_value(), full);
    jar.store("100=2");
    EXPECT_NE(jar.field_value(), full);
}

}  // namespace
}  // namespace cloakroom::load
