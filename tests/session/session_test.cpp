// SPDX-License-Identifier: MIT
// The session as a handler has it, without a store.
#include <cloakroom/json.hpp>
#include <cloakroom/session.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace cloakroom {
namespace {

template <class Asked>
std::string complaint_about(const session& visitor) {
    try {
        static_cast<void>(visitor.get<Asked>("key"));
    } catch (const session_type_error& error) {
        return error.what();
    }
    return "no complaint";
}

TEST(Session, SaysWhatAKeyHoldsWhereAnotherTypeIsAskedFor) {
    session visitor;
    const auto expect_kind = [&](const std::string& kind) {
        const std::string text = complaint_about<std::vector<int>>(visitor);
        EXPECT_NE(text.find("the session key \"key\" holds " + kind + ", and"), std::string::npos)
            << text;
    };
    visitor.set("key", std::string{"text"});
    expect_kind("a string");
    visitor.set("key", true);
    expect_kind("a boolean");
    visitor.set("key", false);
    expect_kind("a boolean");
    visitor.set("key", 7);
    expect_kind("a number");
    visitor.set("key", nlohmann::json(nullptr));
    expect_kind("null");
    visitor.set("key", nlohmann::json::object());
    expect_kind("an object");
    visitor.set("key", std::vector<std::string>{"text"});
    expect_kind("an array");
}

TEST(Session, IsOfNoOwnerWithoutAName) {
    session visitor;
    EXPECT_THROW(visitor.elevate(""), std::invalid_argument);
    EXPECT_EQ(visitor.owner(), "");
}

}  // namespace
}  // namespace cloakroom
