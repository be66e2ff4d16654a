// SPDX-License-Identifier: MIT
#include "redis/script.hpp"

#include "redis/command.hpp"
#include "redis/session_scripts.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace cloakroom::redis {
namespace {

TEST(Script, IsNamedByTheSha1OfItsText) {
    EXPECT_EQ(script("return 1").sha1(), "e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
    EXPECT_EQ(script("").sha1(), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

TEST(ScriptCall, NamesTheScriptItsKeysAndItsArguments) {
    const script one("return 1");
    const script_call call{one, 1, {"key", "", "a\r\nb"}};
    EXPECT_EQ(call.by_sha1(),
              "*6\r\n$7\r\nEVALSHA\r\n$40\r\ne0e1f9fabfc9d4800c877a703b823ac0578ff8db\r\n"
              "$1\r\n1\r\n$3\r\nkey\r\n$0\r\n\r\n$4\r\na\r\nb\r\n");
    EXPECT_EQ(call.by_text(),
              "*6\r\n$4\r\nEVAL\r\n$8\r\nreturn 1\r\n"
              "$1\r\n1\r\n$3\r\nkey\r\n$0\r\n\r\n$4\r\na\r\nb\r\n");
}

TEST(ScriptCall, KeepsItsWords) {
    const script one("return 1");
    std::string word = "first";
    const script_call call{one, 0, {word}};
    word = "other";
    EXPECT_EQ(call.by_sha1(), make_command({"EVALSHA", one.sha1(), "0", "first"}));
}

TEST(ScriptCall, SaysWhetherItHasOtherKeys) {
    const script one("return 1");
    EXPECT_FALSE((script_call{one, 0, {}}.has_other_keys()));
    EXPECT_TRUE((script_call{one, 0, {}}.with_other_keys().has_other_keys()));
}

TEST(SessionScripts, AreAllDifferent) {
    const session_scripts all;
    std::set<std::string_view> names;
    for (const script* each : {&all.insert, &all.replace, &all.rename, &all.retire, &all.confirm,
                               &all.touch, &all.erase, &all.list, &all.end, &all.end_all}) {
        names.insert(each->sha1());
    }
    EXPECT_EQ(names.size(), 10U);
}

}  // namespace
}  // namespace cloakroom::redis
