// SPDX-License-Identifier: MIT
#include "server_list.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace cloakroom::bench {
namespace {

using words = std::vector<std::string>;

constexpr const char* two_servers = R"([
    {"name": "first", "kind": "hello", "what": "A text.", "command": "bench/first",
     "cookies": false, "needs": "bench/first", "package": ""},
    {"name": "second", "kind": "event", "what": "An event.",
     "command": "{source}/bench/second {port} --root {source}", "path": "/events",
     "post": "{\"by\":1}", "cookies": true, "needs": "second {source}/file",
     "package": "one-package another"}])";

std::string names_of(const std::vector<candidate>& servers) {
    std::string names;
    for (const candidate& server : servers) {
        names += server.name + " ";
    }
    return names;
}

std::string entry(const std::string& name, const std::string& path = "/") {
    return R"({"name": ")" + name + R"(", "kind": "k", "command": "c", "cookies": false,
               "needs": "", "package": "", "path": ")" +
           path + "\"}";
}

TEST(ServerList, ReadsEveryField) {
    const std::vector<candidate> servers = read_server_list(two_servers, "/a root");
    ASSERT_EQ(servers.size(), 2U);
    EXPECT_EQ(servers[0].path, "/");
    EXPECT_EQ(servers[0].content, "");
    EXPECT_FALSE(servers[0].cookies);
    EXPECT_EQ(servers[1].kind, "event");
    EXPECT_EQ(servers[1].command, (words{"/a root/bench/second", "{port}", "--root", "/a root"}));
    EXPECT_EQ(servers[1].path, "/events");
    EXPECT_EQ(servers[1].content, R"({"by":1})");
    EXPECT_TRUE(servers[1].cookies);
    EXPECT_EQ(servers[1].needs, (words{"second", "/a root/file"}));
    EXPECT_EQ(servers[1].packages, (words{"one-package", "another"}));
}

TEST(ServerList, RefusesWhatIsNoList) {
    for (const std::string& wrong :
         {std::string("["), std::string("[{}]"), "[" + entry("a") + "," + entry("a") + "]",
          "[" + entry("a b") + "]", "[" + entry("") + "]", "[" + entry("a", "no-slash") + "]"}) {
        EXPECT_ANY_THROW(read_server_list(wrong, "/")) << wrong;
    }
}

TEST(ServerList, SelectsByKind) {
    const std::vector<candidate> servers = read_server_list(two_servers, "/");
    EXPECT_EQ(names_of(select(servers, {})), "first second ");
    EXPECT_EQ(names_of(select(servers, {.kinds = {"event"}})), "second ");
    EXPECT_THROW(select(servers, {.kinds = {"unknown"}}), std::runtime_error);
}

TEST(ServerList, SelectsNamesInTheOrderOfTheNames) {
    const std::vector<candidate> servers = read_server_list(two_servers, "/");
    EXPECT_EQ(names_of(select(servers, {.names = {"second", "first"}})), "second first ");
    EXPECT_THROW(select(servers, {.names = {"first", "unknown"}}), std::runtime_error);
}

TEST(ServerList, TellsWhatIsMissingAndWhatHasIt) {
    EXPECT_EQ(missing({.needs = {"sh", "/proc/self/stat"}}), "");
    EXPECT_EQ(missing({.needs = {"sh", "no-such-program"}, .packages = {"one", "two"}}),
              "there is no no-such-program; scripts/setup bench installs one two");
    EXPECT_EQ(missing({.needs = {"bench/no-such-program"}}),
              "there is no bench/no-such-program, then build again");
}

TEST(ServerList, OfThisRepositoryIsWhole) {
    const std::vector<candidate> servers =
        read_server_list(read_file(CLOAKROOM_SERVERS), CLOAKROOM_SOURCE_DIR);
    for (const std::string kind :
         {"hello", "json", "counter", "content64k", "content1m", "static_file", "event"}) {
        EXPECT_FALSE(select(servers, {.kinds = {kind}}).empty());
    }
    for (const candidate& server : servers) {
        EXPECT_FALSE(server.command.empty()) << server.name;
        const std::string& program = server.command.front();
        EXPECT_TRUE(program.front() != '/' || is_there(program)) << program;
    }
}

}  // namespace
}  // namespace cloakroom::bench
