// SPDX-License-Identifier: MIT
// From a request line to a handler, through the whole app.
#include <cloakroom/app.hpp>
#include <cloakroom/setup_error.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;

TEST(Routing, PrefersLiteralsOverPlaceholdersOverTails) {
    app under_test;
    under_test.get("/users/{rest...}", [](std::string_view) { return "tail"; });
    under_test.get("/users/{id}", [](std::string_view) { return "placeholder"; });
    under_test.get("/users/new", [] { return "literal"; });
    client browser(under_test);
    EXPECT_EQ(browser.get("/users/new").body, "literal");
    EXPECT_EQ(browser.get("/users/newer").body, "placeholder");
    EXPECT_EQ(browser.get("/users/new/form").body, "tail");
    EXPECT_EQ(browser.get("/users/").body, "tail");
}

TEST(Routing, GivesATailTheRestOfThePath) {
    app under_test;
    under_test.get("/files/{path...}", [](std::string path) { return "<" + path + ">"; });
    client browser(under_test);
    EXPECT_EQ(browser.get("/files/").body, "<>");
    EXPECT_EQ(browser.get("/files/a/b%2Fc/d%20e").body, "<a/b/c/d e>");
}

TEST(Routing, AnswersUnknownPathsWithNotFound) {
    app under_test;
    under_test.get("/users/{id}", [](int) { return "x"; });
    client browser(under_test);
    for (const std::string_view target :
         {"/", "/users", "/users/", "/users/1/", "/Users/1", "//", "/users//1", "/users/1/2"}) {
        const reply answer = browser.get(target);
        EXPECT_EQ(answer.status, 404U) << target;
        EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    }
    EXPECT_EQ(browser.get("/users/1").status, 200U);
}

TEST(Routing, AnswersOtherMethodsWithAllow) {
    app under_test;
    under_test.get("/notes", [] { return "all"; });
    under_test.post("/notes", [] { return "added"; });
    under_test.del("/notes", [] { return "gone"; });
    const reply answer = client(under_test).send(method::put, "/notes");
    EXPECT_EQ(answer.status, 405U);
    EXPECT_EQ(answer.header("Allow"), "GET, HEAD, POST, DELETE, OPTIONS");
}

TEST(Routing, RoutesEveryMethod) {
    app under_test;
    under_test.get("/", [] { return "get"; });
    under_test.post("/", [] { return "post"; });
    under_test.put("/", [] { return "put"; });
    under_test.patch("/", [] { return "patch"; });
    under_test.del("/", [] { return "delete"; });
    under_test.options("/", [] { return "options"; });
    client browser(under_test);
    EXPECT_EQ(browser.get("/").body, "get");
    EXPECT_EQ(browser.post("/", "").body, "post");
    EXPECT_EQ(browser.send(method::put, "/").body, "put");
    EXPECT_EQ(browser.send(method::patch, "/").body, "patch");
    EXPECT_EQ(browser.send(method::delete_, "/").body, "delete");
    EXPECT_EQ(browser.send(method::options, "/").body, "options");
}

TEST(Routing, RoutesAnyAndOneNamedMethod) {
    app under_test;
    under_test.any("/any", [](const request& req) { return to_string(req.method()); });
    under_test.on(method::put, "/one", [] { return "one"; });
    client browser(under_test);
    for (const method each :
         {method::get, method::post, method::put, method::patch, method::delete_}) {
        EXPECT_EQ(browser.send(each, "/any").body, to_string(each));
    }
    EXPECT_EQ(browser.send(method::put, "/one").body, "one");
    EXPECT_EQ(browser.get("/one").status, 405U);
}

TEST(Routing, AnswersHeadFromGet) {
    app under_test;
    under_test.get(
        "/", [](const request& req) { return req.method() == method::head ? "head!" : "get"; });
    const std::string answer = client(under_test).send_raw({"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"});
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_NE(answer.find("Content-Length: 5\r\n"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST(Routing, PrefersARouteForHead) {
    app under_test;
    under_test.get("/", [] { return "get"; });
    under_test.head("/", [] { return response().set("X-From", "head"); });
    EXPECT_EQ(client(under_test).send(method::head, "/").header("X-From"), "head");
}

TEST(Routing, AnswersOptionsWithWhatThereIs) {
    app under_test;
    under_test.get("/notes/{id}", [](int) { return "x"; });
    under_test.put("/notes/mine", [] { return "x"; });
    client browser(under_test);
    const reply one = browser.send(method::options, "/notes/7");
    EXPECT_EQ(one.status, 204U);
    EXPECT_EQ(one.header("Allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(browser.send(method::options, "/notes/mine").header("Allow"),
              "GET, HEAD, PUT, OPTIONS");
    EXPECT_EQ(browser.send(method::options, "/nothing").status, 404U);
}

TEST(Routing, AnswersOptionsForTheServer) {
    app under_test;
    under_test.get("/a", [] { return "x"; });
    under_test.patch("/b", [] { return "x"; });
    const reply answer = client(under_test).send(method::options, "*");
    EXPECT_EQ(answer.status, 204U);
    EXPECT_EQ(answer.header("Allow"), "GET, HEAD, OPTIONS, PATCH");
}

TEST(Routing, TakesAbsoluteTargets) {
    app under_test;
    under_test.get("/where", [](const request& req) {
        return std::string{req.host()} + " " + std::string{req.path()} + "?" +
               std::string{req.query()};
    });
    under_test.get("/", [] { return "root"; });
    client browser(under_test);
    EXPECT_NE(browser
                  .send_raw({"GET http://example.com:8080/where?a=b HTTP/1.1\r\n"
                             "Host: example.com:8080\r\n\r\n"})
                  .find("example.com:8080 /where?a=b"),
              std::string::npos);
    EXPECT_NE(browser.send_raw({"GET http://example.com HTTP/1.1\r\nHost: example.com\r\n\r\n"})
                  .find("root"),
              std::string::npos);
}

TEST(Routing, NestsGroups) {
    app under_test;
    under_test.group("/admin", [](router& admin) {
        admin.get("/", [] { return "dashboard"; });
        admin.get("/users", [] { return "users"; });
        admin.group("/audit", [](router& audit) {
            audit.get("/", [] { return "audit"; });
            audit.get("/{day}", [](int day) { return "day " + std::to_string(day); });
        });
    });
    client browser(under_test);
    EXPECT_EQ(browser.get("/admin").body, "dashboard");
    EXPECT_EQ(browser.get("/admin/").status, 404U);
    EXPECT_EQ(browser.get("/admin/users").body, "users");
    EXPECT_EQ(browser.get("/admin/audit").body, "audit");
    EXPECT_EQ(browser.get("/admin/audit/7").body, "day 7");
}

TEST(Routing, TakesAPrefixThatEndsInASlash) {
    app under_test;
    under_test.group("/", [](router& root) {
        root.get("/", [] { return "root"; });
        root.get("/a", [] { return "a"; });
        root.group("/b/", [](router& b) {
            b.get("/", [] { return "b/"; });
            b.get("/c", [] { return "c"; });
        });
    });
    client browser(under_test);
    EXPECT_EQ(browser.get("/").body, "root");
    EXPECT_EQ(browser.get("/a").body, "a");
    EXPECT_EQ(browser.get("/b/").body, "b/");
    EXPECT_EQ(browser.get("/b/c").body, "c");
}

TEST(Routing, GivesHandlersOfAGroupThePrefixesPlaceholdersFirst) {
    app under_test;
    under_test.group("/shops/{shop}", [](router& shop) {
        shop.get(runtime_pattern{"/coats/{coat}"},
                 [](int number, std::string coat) { return std::to_string(number) + " " + coat; });
        shop.get(runtime_pattern{"/"}, [](int number) { return std::to_string(number); });
    });
    client browser(under_test);
    EXPECT_EQ(browser.get("/shops/3/coats/blue").body, "3 blue");
    EXPECT_EQ(browser.get("/shops/4").body, "4");
}

TEST(Routing, MatchesUtf8AndEncodedLiterals) {
    app under_test;
    under_test.get("/k\xC3\xA4se and bread", [] { return "both"; });
    EXPECT_EQ(client(under_test).get("/k%C3%A4se%20and%20bread").body, "both");
}

TEST(PercentDecoding, KeepsAnEncodedSlashInItsSegment) {
    app under_test;
    under_test.get("/{a}", [](std::string a) { return "one " + a; });
    under_test.get("/{a}/{b}", [](std::string a, std::string b) { return a + " two " + b; });
    client browser(under_test);
    EXPECT_EQ(browser.get("/x%2Fy").body, "one x/y");
    EXPECT_EQ(browser.get("/x%2fy").body, "one x/y");
    EXPECT_EQ(browser.get("/%2F/%2f").body, "/ two /");
    EXPECT_EQ(browser.get("/%25/%2525").body, "% two %25");
    EXPECT_EQ(browser.get("/%252F").body, "one %2F");
    EXPECT_EQ(browser.get("/%25%32%46").body, "one %2F");
    EXPECT_EQ(browser.get("/a+b").body, "one a+b");
}

TEST(PercentDecoding, GivesUtf8AndAnyOtherByteButNul) {
    app under_test;
    under_test.get("/{a}", [](std::string a) { return a; });
    client browser(under_test);
    EXPECT_EQ(browser.get("/%E2%82%AC").body, "\xE2\x82\xAC");
    EXPECT_EQ(browser.get("/%FF%01").body, "\xFF\x01");
    EXPECT_EQ(browser.get("/%7Bid%7D").body, "{id}");
}

TEST(PercentDecoding, RefusesMalformedEscapes) {
    app under_test;
    under_test.get("/{a...}", [](std::string a) { return a; });
    client browser(under_test);
    for (const std::string_view target :
         {"/%", "/%4", "/%zz", "/%4z", "/%%41", "/a%", "/%00", "/a%00b", "/x/%2", "/%-1", "/% 1"}) {
        if (target.find(' ') == std::string_view::npos) {
            const reply answer = browser.get(target);
            EXPECT_EQ(answer.status, 400U) << target;
            EXPECT_NE(answer.body.find("percent escape"), std::string::npos) << answer.body;
        }
    }
    EXPECT_EQ(browser.get("/fine").body, "fine");
}

TEST(PercentDecoding, ShowsTheHandlerThePathWithSlashAndPercentEncoded) {
    app under_test;
    under_test.get("/{a...}", [](const request& req, std::string_view) {
        return std::string{req.path()} + " of " + std::string{req.target()};
    });
    EXPECT_EQ(client(under_test).get("/a%20b%2fc%25").body, "/a b%2Fc%25 of /a%20b%2fc%25");
}

TEST(PercentDecoding, DoesNotMixUpTwoRequests) {
    app under_test;
    under_test.get("/{a}/{b}", [](std::string a, std::string b) { return a + "|" + b; });
    client browser(under_test);
    EXPECT_EQ(browser.get("/%2F1/%2F2").body, "/1|/2");
    EXPECT_EQ(browser.get("/plain/plain").body, "plain|plain");
    EXPECT_EQ(browser.get("/%41/%25").body, "A|%");
}

}  // namespace
}  // namespace cloakroom
