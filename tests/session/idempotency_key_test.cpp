// SPDX-License-Identifier: MIT
#include "session/idempotency_key.hpp"

#include <cloakroom/http_error.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

request with_keys(const std::vector<std::string_view>& values, method verb = method::post) {
    request::parts parts;
    parts.method = verb;
    for (const std::string_view each : values) {
        parts.fields.push_back({"idempotency-KEY", each});
    }
    return request{std::move(parts)};
}

unsigned refusal_of(const std::vector<std::string_view>& values) {
    try {
        static_cast<void>(idempotency_key_of(with_keys(values)));
    } catch (const http_error& error) {
        return to_number(error.content().status);
    }
    return 0;
}

TEST(IdempotencyKey, IsBareOrAQuotedString) {
    const std::vector<std::pair<std::string_view, std::string_view>> table = {
        {"a", "a"},
        {"8e03978e-40d5-43e8-bc93-6894a57f9324", "8e03978e-40d5-43e8-bc93-6894a57f9324"},
        {R"("8e03978e-40d5-43e8-bc93-6894a57f9324")", "8e03978e-40d5-43e8-bc93-6894a57f9324"},
        {R"("a\"b\\c")", R"(a"b\c)"},
        {R"(a\"b)", R"(a\"b)"},  // bare: as it is
        {"a\"", "a\""},
        {"!~", "!~"},
        {"a;b=c", "a;b=c"},
        {"'a'", "'a'"},
        {"a,b", "a,b"},
    };
    for (const auto& [sent, key] : table) {
        EXPECT_EQ(idempotency_key_of(with_keys({sent})), key) << sent;
    }
}

TEST(IdempotencyKey, IsRefusedWhereItIsMalformed) {
    for (const std::string_view sent :
         {"", "\"", "\"\"", "\"a", "\"a\" ", "\"a\";b", "\"a\"b\"", "\"a\\\"", "\"a\\b\"", "\"a\\",
          "a b", "a\tb", "\"a b\"", "a\x7f", "\xc3\xa9", "\"\xc3\xa9\"", "a, b"}) {
        EXPECT_EQ(refusal_of({sent}), 400U) << sent;
    }
}

TEST(IdempotencyKey, HasAtMost128Characters) {
    const std::string longest(128, 'k');
    const std::string quoted_longest = "\"" + longest + "\"";
    EXPECT_EQ(idempotency_key_of(with_keys({longest})), longest);
    EXPECT_EQ(idempotency_key_of(with_keys({quoted_longest})), longest);
    EXPECT_EQ(refusal_of({longest + "k"}), 400U);
    EXPECT_EQ(refusal_of({"\"" + longest + "k\""}), 400U);
}

TEST(IdempotencyKey, IsSentOnce) {
    EXPECT_EQ(refusal_of({"a", "b"}), 400U);
    EXPECT_EQ(refusal_of({"a", "a"}), 400U);
    EXPECT_EQ(refusal_of({"", "a"}), 400U);
}

TEST(IdempotencyKey, IsNoneWithoutTheField) {
    EXPECT_EQ(idempotency_key_of(with_keys({})), std::nullopt);
}

TEST(IdempotencyKey, MattersForMethodsThatAreNotIdempotent) {
    for (const method each : {method::get, method::head, method::options, method::trace,
                              method::put, method::delete_}) {
        EXPECT_FALSE(has_idempotency_key(with_keys({"a"}, each))) << to_string(each);
    }
    for (const method each : {method::post, method::patch}) {
        EXPECT_TRUE(has_idempotency_key(with_keys({"a"}, each))) << to_string(each);
        EXPECT_TRUE(has_idempotency_key(with_keys({""}, each))) << to_string(each);
        EXPECT_FALSE(has_idempotency_key(with_keys({}, each))) << to_string(each);
    }
}

TEST(Fingerprint, DependsOnMethodTargetAndContent) {
    struct one_case {
        method verb;
        std::string_view target;
        std::string_view body;
    };
    const std::vector<one_case> table = {
        {method::post, "/a", ""},   {method::patch, "/a", ""},  {method::post, "/b", ""},
        {method::post, "/a?b", ""}, {method::post, "/a?c", ""}, {method::post, "/a", "b"},
        {method::post, "/ab", ""},  {method::post, "/a", "\n"}, {method::post, "/a", {"\0", 1}},
        {method::post, "/%61", ""}, {method::post, "/a", "bb"},
    };
    std::set<std::string> all;
    for (const auto& [verb, target, body] : table) {
        request::parts parts;
        parts.method = verb;
        parts.target = target;
        parts.body = body;
        const std::string made = fingerprint_of(request{parts});
        EXPECT_EQ(made.size(), 32U);
        EXPECT_EQ(made, fingerprint_of(request{parts}));
        parts.fields = {{"User-Agent", "another"}};
        EXPECT_EQ(made, fingerprint_of(request{parts}));
        all.insert(made);
    }
    EXPECT_EQ(all.size(), table.size());
}

}  // namespace
}  // namespace cloakroom
