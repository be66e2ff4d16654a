// SPDX-License-Identifier: MIT
// router::files(): what is served, and what is not.
#include "sanitizers.hpp"
#include "scratch_directory.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/setup_error.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <sys/fsuid.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;
namespace fs = std::filesystem;

/// public/ is served under /static; beside it lies what nobody may get.
class StaticFiles : public ::testing::Test {
protected:
    StaticFiles() {
        scratch.write("secret.txt", "secret");
        scratch.write("public/index.html", "<h1>root</h1>");
        scratch.write("public/page.html", "<h1>page</h1>");
        scratch.write("public/css/style.css", "body {}");
        scratch.write("public/docs/index.html", "docs");
        scratch.write("public/empty/readme", "no index here");
        scratch.write("public/.env", "secret");
        scratch.write("public/.git/config", "secret");
        scratch.write("public/large.bin", std::string(300'000, 'x'));
        under_test.log([](std::string_view) {});
        under_test.files("/static", scratch.of("public"));
    }

    void link(const std::string& to, std::string_view name) const {
        fs::create_symlink(to, scratch.of("public/" + std::string{name}));
    }

    scratch_directory scratch;
    app under_test;
};

TEST_F(StaticFiles, HaveTheirContentAndType) {
    client browser(under_test);
    const reply page = browser.get("/static/page.html");
    EXPECT_EQ(page.status, 200U);
    EXPECT_EQ(page.body, "<h1>page</h1>");
    EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(page.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(page.header("Cache-Control"), "no-cache");
    EXPECT_EQ(page.header("Accept-Ranges"), "bytes");
    EXPECT_EQ(page.header("Last-Modified").size(), 29U);
    EXPECT_EQ(browser.get("/static/css/style.css").header("Content-Type"),
              "text/css; charset=utf-8");
    const reply large = browser.get("/static/large.bin");
    EXPECT_EQ(large.body, std::string(300'000, 'x'));
    EXPECT_EQ(large.header("Content-Type"), "application/octet-stream");
}

TEST_F(StaticFiles, OfNoBytesAreServed) {
    scratch.write("public/none.txt", "");
    client browser(under_test);
    EXPECT_EQ(browser.get("/static/none.txt").status, 200U);
    EXPECT_EQ(browser.get("/static/none.txt").body, "");
}

TEST_F(StaticFiles, HaveNamesOfAllKinds) {
    for (const std::string_view name :
         {"two words.txt", "größe.txt", "100%.txt", "a+b.txt", "what?.txt", "a#b.txt", "a;b.txt",
          "quote'\".txt", "a..b"}) {
        scratch.write("public/" + std::string{name}, name);
    }
    client browser(under_test);
    EXPECT_EQ(browser.get("/static/two%20words.txt").body, "two words.txt");
    EXPECT_EQ(browser.get("/static/gr%C3%B6%C3%9Fe.txt").body, "größe.txt");
    EXPECT_EQ(browser.get("/static/100%25.txt").body, "100%.txt");
    EXPECT_EQ(browser.get("/static/a+b.txt").body, "a+b.txt");
    EXPECT_EQ(browser.get("/static/what%3F.txt").body, "what?.txt");
    EXPECT_EQ(browser.get("/static/a%23b.txt").body, "a#b.txt");
    EXPECT_EQ(browser.get("/static/a;b.txt").body, "a;b.txt");
    EXPECT_EQ(browser.get("/static/quote%27%22.txt").body, "quote'\".txt");
    EXPECT_EQ(browser.get("/static/a..b").body, "a..b");
    EXPECT_EQ(browser.get("/static/page.html?version=7").body, "<h1>page</h1>");
}

TEST_F(StaticFiles, OutsideOfTheDirectoryAreNotThere) {
    client browser(under_test);
    for (const std::string_view path : {"../secret.txt",
                                        "..%2Fsecret.txt",
                                        "..%2fsecret.txt",
                                        "%2e%2e/secret.txt",
                                        "%2E%2E%2Fsecret.txt",
                                        ".%2e/secret.txt",
                                        "css/../../secret.txt",
                                        "css/../page.html",
                                        "css/%2e%2e/page.html",
                                        "./page.html",
                                        "css/./style.css",
                                        "/page.html",
                                        "//page.html",
                                        "css//style.css",
                                        "..\\secret.txt",
                                        "..%5Csecret.txt",
                                        "css%5Cstyle.css",
                                        "css%2Fstyle.css",
                                        "css%2fstyle.css",
                                        "%252e%252e/secret.txt",
                                        "..%252Fsecret.txt",
                                        "%2Fetc/passwd",
                                        "%2F%2Fetc/passwd",
                                        "/etc/passwd",
                                        "..",
                                        "../",
                                        "...",
                                        "....//secret.txt",
                                        "..;/secret.txt",
                                        "%c0%ae%c0%ae/secret.txt",
                                        "page.html/",
                                        "page.html/x",
                                        "page.htm",
                                        "page.html%20",
                                        "page.html.",
                                        "PAGE.HTML%00",
                                        "page.html%00",
                                        "%00",
                                        "page.html%00.css",
                                        "a%0Ab",
                                        "a%0D%0AX:%20y",
                                        "a%7Fb/c",
                                        "%",
                                        "%2",
                                        "%zz"}) {
        const reply got = browser.get("/static/" + std::string{path});
        EXPECT_TRUE(got.status == 404U || got.status == 400U) << path << ' ' << got.status;
        EXPECT_EQ(got.body.find("secret"), std::string::npos) << path;
    }
}

TEST_F(StaticFiles, ThatAreHiddenAreNotThere) {
    client browser(under_test);
    for (const std::string_view path :
         {".env", ".git/config", ".git/", ".git", "%2Eenv", "css/.hidden", "."}) {
        EXPECT_EQ(browser.get("/static/" + std::string{path}).status, 404U) << path;
    }
}

TEST_F(StaticFiles, BehindLinksAreThereIfBeneathTheDirectory) {
    link("page.html", "same.html");
    link("../page.html", "css/up.html");
    link("docs", "linked");
    link("../secret.txt", "out.txt");
    link("..", "parent");
    link("/etc", "etc");
    link(scratch.of("public/page.html"), "absolute.html");
    link("loop", "loop");
    link("nowhere", "dangling");
    link("/proc/self/root", "magic");
    client browser(under_test);
    EXPECT_EQ(browser.get("/static/same.html").body, "<h1>page</h1>");
    EXPECT_EQ(browser.get("/static/css/up.html").body, "<h1>page</h1>");
    EXPECT_EQ(browser.get("/static/linked/").body, "docs");
    for (const std::string_view path :
         {"out.txt", "parent", "parent/secret.txt", "etc/passwd", "etc", "absolute.html", "loop",
          "dangling", "magic/etc/passwd"}) {
        EXPECT_EQ(browser.get("/static/" + std::string{path}).status, 404U) << path;
    }
}

// A pipe without a writer would hold a thread that opens it.
TEST_F(StaticFiles, AreRegular) {
    ASSERT_EQ(::mkfifo(scratch.of("public/pipe").c_str(), 0600), 0);
    const int listening = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    scratch.of("public/socket").copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(listening, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    client browser(under_test);
    EXPECT_EQ(browser.get("/static/pipe").status, 404U);
    EXPECT_EQ(browser.get("/static/socket").status, 404U);
    ::close(listening);
}

TEST_F(StaticFiles, OfOthersAreNotThere) {
    ASSERT_EQ(::chmod(scratch.of("public/page.html").c_str(), 0), 0);
    client browser(under_test);
    const int before = ::setfsuid(65'534);  // root may read everything
    const reply got = browser.get("/static/page.html");
    ::setfsuid(static_cast<uid_t>(before));
    EXPECT_EQ(got.status, 404U);
}

TEST_F(StaticFiles, WithTooLongNamesAreNotThere) {
    client browser(under_test);
    EXPECT_EQ(browser.get("/static/" + std::string(300, 'a')).status, 404U);
    std::string deep = "/static";
    for (int each = 0; each < 2'500; ++each) {
        deep += "/a";
    }
    EXPECT_EQ(browser.get(deep).status, 404U);
}

TEST_F(StaticFiles, OfADirectoryAreItsIndex) {
    client browser(under_test);
    EXPECT_EQ(browser.get("/static/").body, "<h1>root</h1>");
    EXPECT_EQ(browser.get("/static/").header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(browser.get("/static/docs/").body, "docs");
    EXPECT_EQ(browser.get("/static/empty/").status, 404U);
}

TEST_F(StaticFiles, OfADirectoryWithoutItsSlashRedirect) {
    fs::create_directory(scratch.of("public/two words?"));
    client browser(under_test);
    EXPECT_EQ(browser.get("/static").status, 307U);
    EXPECT_EQ(browser.get("/static").header("Location"), "/static/");
    EXPECT_EQ(browser.get("/static/docs").header("Location"), "/static/docs/");
    EXPECT_EQ(browser.get("/static/docs?a=b&c").header("Location"), "/static/docs/?a=b&c");
    EXPECT_EQ(browser.get("/static/two%20words%3F").header("Location"), "/static/two%20words%3F/");
}

TEST_F(StaticFiles, AreForGetAndHeadAlone) {
    client browser(under_test);
    const reply head = browser.send(method::head, "/static/large.bin");
    EXPECT_EQ(head.status, 200U);
    EXPECT_EQ(head.header("Content-Length"), "300000");
    EXPECT_EQ(head.body, "");
    EXPECT_EQ(browser.get("/static/page.html").body, "<h1>page</h1>");  // nothing was left over
    for (const method verb : {method::post, method::put, method::patch, method::delete_}) {
        const reply refused = browser.send(verb, "/static/page.html");
        EXPECT_EQ(refused.status, 405U);
        EXPECT_EQ(refused.header("Allow"), "GET, HEAD, OPTIONS");
    }
    EXPECT_EQ(browser.send(method::options, "/static/page.html").header("Allow"),
              "GET, HEAD, OPTIONS");
}

TEST_F(StaticFiles, LeaveOtherRoutesAlone) {
    under_test.get("/static/made", [] { return "made"; });
    under_test.get("/", [] { return "home"; });
    client browser(under_test);
    EXPECT_EQ(browser.get("/static/made").body, "made");
    EXPECT_EQ(browser.get("/").body, "home");
    EXPECT_EQ(browser.get("/staticpage.html").status, 404U);
}

TEST_F(StaticFiles, MayBeMountedAnywhere) {
    app other;
    other.files("/", scratch.of("public"), {.cache_control = "public, max-age=60"});
    other.group("/groups/{name}", [&](router& group) {
        group.before([](const request& req) -> std::optional<response> {
            return req.path().starts_with("/groups/closed") ? std::optional(response(status::gone))
                                                            : std::nullopt;
        });
        group.files("/", scratch.of("public"), {.cache_control = "", .index = ""});
        group.files("/deep/er/", scratch.of("public/docs"));
    });
    client browser(other);
    EXPECT_EQ(browser.get("/").body, "<h1>root</h1>");
    EXPECT_EQ(browser.get("/page.html").header("Cache-Control"), "public, max-age=60");
    EXPECT_EQ(browser.get("/css").header("Location"), "/css/");
    EXPECT_EQ(browser.get("//page.html").status, 404U);
    EXPECT_EQ(browser.get("//docs").status, 404U);  // a redirect would lead to another site
    EXPECT_EQ(browser.get("/groups/a%2Fb/page.html").body, "<h1>page</h1>");
    EXPECT_EQ(browser.get("/groups/x/page.html").header("Cache-Control"), "");
    EXPECT_EQ(browser.get("/groups/x/").status, 404U);
    EXPECT_EQ(browser.get("/groups/x/css").status, 404U);
    EXPECT_EQ(browser.get("/groups/x/deep/er/").body, "docs");
    EXPECT_EQ(browser.get("/groups/a%2Fb/deep/er").header("Location"), "/groups/a%2Fb/deep/er/");
    EXPECT_EQ(browser.get("/groups/closed/page.html").status, 410U);
}

TEST_F(StaticFiles, AreThoseOfNow) {
    client browser(under_test);
    EXPECT_EQ(browser.get("/static/new.txt").status, 404U);
    scratch.write("public/new.txt", "1");
    EXPECT_EQ(browser.get("/static/new.txt").body, "1");
    scratch.write("public/other.txt", "22");
    fs::rename(scratch.of("public/other.txt"), scratch.of("public/new.txt"));
    EXPECT_EQ(browser.get("/static/new.txt").body, "22");
    fs::remove(scratch.of("public/new.txt"));
    EXPECT_EQ(browser.get("/static/new.txt").status, 404U);
}

TEST_F(StaticFiles, ThatTheSystemCannotOpenAre503) {
    if (has_sanitizers) {
        GTEST_SKIP() << takes_descriptors_away;
    }
    client browser(under_test);
    EXPECT_EQ(browser.get("/static/page.html").status, 200U);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const int next = ::dup(0);
    ASSERT_GE(next, 0);
    ::close(next);
    const rlimit none{static_cast<rlim_t>(next), before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    const reply refused = browser.get("/static/page.html");
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_EQ(refused.status, 503U);
    EXPECT_EQ(refused.header("Retry-After"), "1");
    EXPECT_EQ(browser.get("/static/page.html").status, 200U);
}

std::string refusal_of(const std::string& directory, file_options options = {}) {
    app other;
    try {
        other.files("/static", directory, std::move(options));
        return {};
    } catch (const setup_error& error) {
        return error.what();
    }
}

TEST_F(StaticFiles, AreCheckedAtSetUp) {
    EXPECT_NE(refusal_of(scratch.of("absent")).find("cannot be served"), std::string::npos);
    EXPECT_NE(refusal_of(scratch.of("secret.txt")).find("cannot be served"), std::string::npos);
    EXPECT_NE(refusal_of("").find("cannot be served"), std::string::npos);
    EXPECT_NE(refusal_of(scratch.path(), {.cache_control = "a\r\nb"}).find("cache_control"),
              std::string::npos);
    for (const std::string name : {"../secret.txt", ".env", "a/b", "a\\b", "a\n"}) {
        EXPECT_NE(refusal_of(scratch.path(), {.index = name}).find("file_options::index"),
                  std::string::npos);
    }
    EXPECT_EQ(refusal_of(scratch.path()), "");
    EXPECT_THROW(under_test.files("/static", scratch.path()), setup_error);
}

}  // namespace
}  // namespace cloakroom
