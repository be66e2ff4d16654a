// SPDX-License-Identifier: MIT
// Responses whose content is a file: what the desk has of it, and when it lets go.
#include "../refused_call.hpp"
#include "http1/conversation.hpp"
#include "plain_service.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom::http1 {
namespace {

// Differs everywhere, so that bytes at a wrong place show.
std::string pattern(std::size_t bytes) {
    std::string text(bytes, ' ');
    for (std::size_t at = 0; at < bytes; ++at) {
        text[at] = static_cast<char>('a' + (at * 7 + at / 26) % 26);
    }
    return text;
}

/// Answers with the file, "/text" with its path, "/304" without content.
class file_app final : public plain_service {
public:
    void respond(exchange& on) noexcept override {
        if (on.request().path() == "/text") {
            on.response().body("text");
            return;
        }
        on.response().body(file);
        if (on.request().path() == "/304") {
            on.response().status(status::not_modified);
        }
    }
    void refuse(exchange& on, const refusal& why) noexcept override {
        plain_service::refuse(on, why);
        on.response().body(file);
    }

    open_file file;
};

class FileContent : public ::testing::Test {
protected:
    /// A file that can be cut.
    void serve(std::string_view bytes) {
        descriptor = ::memfd_create("test", MFD_CLOEXEC);
        ASSERT_EQ(::write(descriptor, bytes.data(), bytes.size()),
                  static_cast<ssize_t>(bytes.size()));
        app.file = open_file::from_descriptor(descriptor);
    }

    next_step receive(std::string_view bytes) {
        at.input.append(bytes);
        return talk.advance(at, shared, now);
    }

    [[nodiscard]] bool is_open() const { return ::fcntl(descriptor, F_GETFD) != -1; }

    static std::string ask(std::string_view target, std::string_view verb = "GET") {
        return std::string{verb} + " " + std::string{target} + " HTTP/1.1\r\nHost: h\r\n\r\n";
    }
    static std::string answer(std::string_view body, std::size_t bytes) {
        return "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: " + std::to_string(bytes) +
               "\r\n\r\n" + std::string{body};
    }

    file_app app;
    limits values;
    conversation::setting shared{app, values};
    conversation::circumstances now{"now"};
    desk at{execution{}};
    conversation talk;
    int descriptor = -1;
};

TEST_F(FileContent, IsReadIntoTheOutputBelowTheLeastSize) {
    const std::string bytes = pattern(desk::least_content_bytes - 1);
    serve(bytes);
    EXPECT_EQ(receive(ask("/") + ask("/text")), next_step::read_head);
    EXPECT_EQ(at.file_bytes, 0U);
    EXPECT_EQ(at.output, answer(bytes, bytes.size()) + answer("text", 4));
    app.file.reset();
    EXPECT_FALSE(is_open());
}

TEST_F(FileContent, StaysAFileFromTheLeastSizeOn) {
    const std::string bytes = pattern(desk::least_content_bytes);
    serve(bytes);
    EXPECT_EQ(receive(ask("/") + ask("/text")), next_step::flush);
    EXPECT_EQ(at.output, answer("", bytes.size()));
    EXPECT_EQ(at.file_bytes, bytes.size());
    EXPECT_EQ(at.unsent(), at.output.size() + bytes.size());

    std::string sent;
    EXPECT_TRUE(at.take_output(sent));
    EXPECT_EQ(sent, answer(bytes, bytes.size()));
    EXPECT_EQ(talk.advance(at, shared, now), next_step::read_head);
    EXPECT_TRUE(at.take_output(sent));
    EXPECT_EQ(sent, answer(bytes, bytes.size()) + answer("text", 4));
}

TEST_F(FileContent, OfNoBytesIsNone) {
    serve("");
    EXPECT_EQ(receive(ask("/")), next_step::read_head);
    EXPECT_EQ(at.output, answer("", 0));
}

TEST_F(FileContent, IsNotSentWhereThereIsNoContent) {
    serve(pattern(100'000));
    EXPECT_EQ(receive(ask("/", "HEAD") + ask("/304")), next_step::read_head);
    EXPECT_EQ(at.output, answer("", 100'000) + "HTTP/1.1 304 Not Modified\r\nDate: now\r\n\r\n");
    EXPECT_EQ(at.file_bytes, 0U);
    app.file.reset();
    EXPECT_FALSE(is_open());
}

TEST_F(FileContent, GoesWithARefusalToo) {
    serve("why");
    EXPECT_EQ(receive("what\r\n\r\n"), next_step::close);
    EXPECT_TRUE(at.output.ends_with("Content-Length: 3\r\n\r\nwhy"));
    at.clear();
    serve(pattern(100'000));
    EXPECT_EQ(receive("what\r\n\r\n"), next_step::close);
    EXPECT_EQ(at.file_bytes, 100'000U);
}

TEST_F(FileContent, IsParkedAsAFile) {
    const std::string bytes = pattern(100'000);
    serve(bytes);
    EXPECT_EQ(receive(ask("/") + ask("/text")), next_step::flush);
    const std::string head = at.output;
    for (const std::size_t sent : {std::size_t{0}, head.size(), head.size() + 70'000}) {
        at.sent = sent;
        talk.park(at, shared);
        EXPECT_EQ(at.unsent(), 0U);
        at.clear();
        at.on.response().body("another's");  // the desk is lent to another connection
        talk.unpark(at);
        EXPECT_EQ(at.sent, sent);
        EXPECT_EQ(at.unsent(), head.size() + bytes.size() - sent);
    }
    std::string rest;
    EXPECT_TRUE(at.take_output(rest));
    EXPECT_EQ(rest, bytes.substr(70'000));
    EXPECT_EQ(talk.advance(at, shared, now), next_step::read_head);
    EXPECT_EQ(at.output, answer("text", 4));
}

TEST_F(FileContent, IsClosedWhenItIsSentOrDropped) {
    serve(pattern(100'000));
    static_cast<void>(receive(ask("/")));
    app.file.reset();
    EXPECT_TRUE(is_open());
    at.clear_output();
    EXPECT_FALSE(is_open());

    serve(pattern(100'000));
    static_cast<void>(receive(ask("/")));
    app.file.reset();
    talk.park(at, shared);
    at.clear();
    EXPECT_TRUE(is_open());
    talk = {};
    EXPECT_FALSE(is_open());
}

TEST_F(FileContent, ThatHasBecomeShorterEndsTheConnection) {
    serve("0123456789");
    ASSERT_EQ(::ftruncate(descriptor, 4), 0);
    EXPECT_EQ(receive(ask("/") + ask("/text")), next_step::close);
    EXPECT_EQ(at.output, answer("0123", 10));

    at.clear();
    serve(pattern(100'000));
    ASSERT_EQ(::ftruncate(descriptor, 50'000), 0);
    EXPECT_EQ(receive(ask("/")), next_step::read_head);
    std::string sent;
    EXPECT_FALSE(at.take_output(sent));
    EXPECT_EQ(sent, answer(pattern(50'000), 100'000));
}

TEST_F(FileContent, ThatCannotBeReadEndsTheConnection) {
    const refused_call broken_disk{SYS_pread64, EIO};
    serve("0123456789");
    next_step step = next_step::read_head;
    with_refused(broken_disk, [&] { step = receive(ask("/") + ask("/text")); });
    EXPECT_EQ(step, next_step::close);
    EXPECT_EQ(at.output, answer("", 10));

    at.clear();
    serve(pattern(100'000));
    EXPECT_EQ(receive(ask("/")), next_step::read_head);
    std::string sent;
    bool is_whole = true;
    with_refused(broken_disk, [&] { is_whole = at.take_output(sent); });
    EXPECT_FALSE(is_whole);
    EXPECT_EQ(sent, answer("", 100'000));
}

TEST_F(FileContent, ThatHasGrownIsSentAsItWas) {
    for (const std::size_t size : {10U, 100'000U}) {
        serve(pattern(size));
        ASSERT_EQ(::pwrite(descriptor, "more", 4, static_cast<off_t>(size)), 4);
        EXPECT_EQ(receive(ask("/")), next_step::read_head);
        std::string sent;
        EXPECT_TRUE(at.take_output(sent));
        EXPECT_EQ(sent, answer(pattern(size), size));
    }
}

}  // namespace
}  // namespace cloakroom::http1
