// SPDX-License-Identifier: MIT
// Handlers that answer with a file: what middleware, error pages and tests see of it.
#include <cloakroom/app.hpp>
#include <cloakroom/idempotent.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <sys/mman.h>
#include <unistd.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;

struct shared_files {
    open_file small = open_file::from_bytes("small");
    open_file large = open_file::from_bytes(std::string(100'000, 'x'));
};

TEST(FileContent, IsThatOfTheReply) {
    shared_files files;
    app under_test;
    under_test.provide(files);
    under_test.get("/small",
                   [](service<shared_files> from) { return response{}.body(from->small); });
    under_test.get("/large", blocking([](service<shared_files> from) {
                       return response(status::created).body(from->large);
                   }));
    client browser(under_test);
    EXPECT_EQ(browser.get("/small").body, "small");
    EXPECT_EQ(browser.get("/large").status, 201U);
    EXPECT_EQ(browser.get("/large").body, std::string(100'000, 'x'));
    EXPECT_TRUE(browser
                    .send_raw({"GET /large HTTP/1.1\r\nHost: h\r\n\r\n"
                               "GET /small HTTP/1.1\r\nHost: h\r\n\r\n"})
                    .ends_with("\r\n\r\nsmall"));
}

TEST(FileContent, IsSeenAndReplacedByAnAfter) {
    shared_files files;
    app under_test;
    under_test.provide(files);
    under_test.after([](const request& req, response& res) {
        if (res.file() != nullptr && res.file()->size() == 5 && res.body().empty()) {
            res.set("Seen", "file");
        }
        if (req.query() == "replace") {
            res.body("text");
        }
    });
    under_test.get("/", [](service<shared_files> from) { return response{}.body(from->small); });
    client browser(under_test);
    EXPECT_EQ(browser.get("/").header("Seen"), "file");
    EXPECT_EQ(browser.get("/").body, "small");
    EXPECT_EQ(browser.get("/?replace").body, "text");
}

TEST(FileContent, MayBeAnErrorPage) {
    shared_files files;
    app under_test;
    under_test.error_pages([&files](const request& /*asked*/, const problem& /*what*/) {
        return std::optional(response{}.body(files.large));
    });
    client browser(under_test);
    EXPECT_EQ(browser.get("/absent").status, 404U);
    EXPECT_EQ(browser.get("/absent").body, std::string(100'000, 'x'));
    EXPECT_TRUE(browser.send_raw({"nonsense\r\n\r\n"}).ends_with(std::string(100'000, 'x')));
}

TEST(FileContent, IsRecordedForRepetitions) {
    shared_files files;
    app under_test;
    under_test.log([](std::string_view) {});
    under_test.sessions(memory_sessions());
    under_test.provide(files);
    under_test.get("/", [](session& visitor) {
        visitor.set("here", true);
        return "here";
    });
    const auto answer = [](const request& req, session& visitor, service<shared_files> from) {
        visitor.set("at", std::string{req.path()});
        return response{}.body(req.path() == "/small" ? std::exchange(from->small, from->large)
                                                      : from->large);
    };
    under_test.post("/small", answer).use(idempotent());
    under_test.post("/large", answer).use(idempotent({.answer_bytes = 99'999}));
    client browser(under_test);
    static_cast<void>(browser.get("/"));
    const auto send = [&](std::string_view target) {
        return browser.send(method::post, target, "x", {{"Idempotency-Key", "key"}});
    };
    EXPECT_EQ(send("/small").body, "small");
    EXPECT_EQ(send("/small").body, "small");  // although the file is another one now
    EXPECT_EQ(browser.send(method::post, "/large", "x", {{"Idempotency-Key", "other"}}).status,
              500U);
}

// A file of so many bytes, of which the last are gone by now.
open_file shortened_file(std::size_t bytes) {
    const int descriptor = ::memfd_create("test", MFD_CLOEXEC);
    EXPECT_EQ(::ftruncate(descriptor, static_cast<off_t>(bytes)), 0);
    open_file made = open_file::from_descriptor(descriptor);
    EXPECT_EQ(::ftruncate(descriptor, static_cast<off_t>(bytes - 1)), 0);
    return made;
}

TEST(FileContent, ThatHasBecomeShorterIsNoReply) {
    for (const std::size_t bytes : {10U, 100'000U}) {
        app under_test;
        under_test.get("/",
                       capturing([file = shortened_file(bytes)] { return response{}.body(file); }));
        client browser(under_test);
        EXPECT_THROW(static_cast<void>(browser.get("/")), std::runtime_error);
        EXPECT_TRUE(browser.is_closed());
    }
}

TEST(FileContent, ThatHasBecomeShorterIsNotRecorded) {
    app under_test;
    under_test.log([](std::string_view) {});
    under_test.sessions(memory_sessions());
    under_test
        .post("/", capturing([file = shortened_file(10)](session& visitor) {
                  visitor.set("paid", true);
                  return response{}.body(file);
              }))
        .use(idempotent());
    under_test.get("/paid", [](session& visitor) {
        visitor.set("seen", true);
        return visitor.value("paid", false) ? "yes" : "no";
    });
    client browser(under_test);
    EXPECT_EQ(browser.get("/paid").body, "no");

    EXPECT_EQ(browser.send(method::post, "/", "x", {{"Idempotency-Key", "key"}}).status, 500U);

    EXPECT_EQ(browser.get("/paid").body, "no");
}

}  // namespace
}  // namespace cloakroom
