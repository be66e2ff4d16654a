// SPDX-License-Identifier: MIT
#include <cloakroom/json_fields.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cloakroom {
namespace {

struct line {
    std::string sku;
    int quantity = 1;
    static constexpr auto fields =
        cloakroom::fields(field("sku", &line::sku), field("quantity", &line::quantity).optional());
};

struct cart {
    std::vector<line> lines;
    static constexpr auto fields = cloakroom::fields(field("lines", &cart::lines));
};

TEST(JsonFields, RoundTrip) {
    const std::string text = R"({"lines":[{"quantity":2,"sku":"apple"},{"quantity":1,"sku":"b"}]})";
    cart read;
    std::vector<field_error> errors;
    EXPECT_EQ(read_json(text, read, errors), json_outcome::read);
    std::string written;
    write_json(written, read);
    EXPECT_EQ(written, text);
}

}  // namespace
}  // namespace cloakroom
