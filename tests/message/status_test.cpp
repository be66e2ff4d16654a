// SPDX-License-Identifier: MIT
#include <cloakroom/status.hpp>

#include <gtest/gtest.h>

namespace cloakroom {
namespace {

TEST(Status, HasNumberAndReason) {
    EXPECT_EQ(to_number(status::not_found), 404U);
    EXPECT_EQ(reason_phrase(status::ok), "OK");
    EXPECT_EQ(reason_phrase(status::request_header_fields_too_large),
              "Request Header Fields Too Large");
    EXPECT_EQ(reason_phrase(status::insufficient_storage), "Insufficient Storage");
}

TEST(Status, WithoutANameHasNoReason) {
    EXPECT_EQ(reason_phrase(static_cast<status>(299)), "");
    EXPECT_EQ(reason_phrase(static_cast<status>(599)), "");
}

}  // namespace
}  // namespace cloakroom
