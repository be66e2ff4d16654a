// SPDX-License-Identifier: MIT
// Files over sockets: slow readers, pipelining, files that change, clients that leave.
#include "running_app.hpp"

#include <gtest/gtest.h>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::net {
namespace {

using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

constexpr std::size_t large_bytes = 20'000'000;
// Differs everywhere, so that bytes at a wrong place show.
std::string pattern(std::size_t bytes) {
    std::string text(bytes, ' ');
    for (std::size_t at = 0; at < bytes; ++at) {
        text[at] = static_cast<char>('a' + (at * 7 + at / 26) % 26);
    }
    return text;
}

std::string ask(std::string_view target, std::string_view verb = "GET") {
    return std::string{verb} + " " + std::string{target} + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

// Whether that comes true before long.
template <class Question>
bool comes_true(const running_app& server, Question asks) {
    for (const clock::time_point began = clock::now(); !asks();) {
        if (clock::now() - began > at_last) {
            return false;
        }
        server.settle();
    }
    return true;
}

/// An app with a file that a test can cut, of which the app holds one copy.
struct file_app {
    explicit file_app(std::size_t bytes) : content(pattern(bytes)) {
        descriptor = ::memfd_create("test", MFD_CLOEXEC);
        if (::write(descriptor, content.data(), bytes) != static_cast<ssize_t>(bytes)) {
            throw std::runtime_error("no room for a file");
        }
        ::fstat(descriptor, &identity);
        file = open_file::from_descriptor(descriptor);
        served.log([](std::string_view) {});
        served.provide(*this);
        served.get("/", [] { return "Hello, World!"; });
        served.get("/file", [](service<file_app> shared) {
            ++shared->calls;
            return response{}.body(shared->file);
        });
        served.get("/part", [](service<file_app> shared) {
            return response{}.body(shared->file.part(1'000, 50'000));
        });
        served.get("/worker", blocking([](service<file_app> shared) {
                       return response{}.body(shared->file);
                   }));
        served.get("/drop", [](service<file_app> shared) {
            shared->file.reset();
            return "dropped";
        });
    }

    // Another one may get its number. By its path: to ask a descriptor that another thread closes is a
    // race to ThreadSanitizer.
    [[nodiscard]] bool is_open() const {
        const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
        struct stat now {};
        return ::stat(path.c_str(), &now) == 0 && now.st_dev == identity.st_dev &&
               now.st_ino == identity.st_ino;
    }

    std::string content;
    int descriptor = -1;
    struct stat identity {};
    open_file file;
    std::atomic<unsigned> calls = 0;
    app served;
};

TEST(FileContent, IsSentWhole) {
    for (const std::size_t bytes : {0U, 1U, 16'383U, 16'384U, 65'536U, 1'048'576U, 20'000'000U}) {
        file_app files(bytes);
        running_app server(files.served);
        socket_client client = server.connect();
        EXPECT_TRUE(client.get("/file").body == files.content) << bytes;
        EXPECT_TRUE(client.get("/worker").body == files.content) << bytes;
        EXPECT_EQ(client.get("/").body, "Hello, World!");
    }
}

TEST(FileContent, OfAPartIsThePart) {
    file_app files(100'000);
    running_app server(files.served);
    EXPECT_EQ(server.connect().get("/part").body, files.content.substr(1'000, 50'000));
}

TEST(FileContent, IsSentForARequestThatCameInPieces) {
    file_app files(100'000);
    running_app server(files.served);
    socket_client client = server.connect();
    for (const char each : ask("/file") + ask("/")) {
        client.send({&each, 1});
    }
    EXPECT_TRUE(client.reply().body == files.content);
    EXPECT_EQ(client.reply().body, "Hello, World!");
}

TEST(FileContent, IsNotSentAfterHead) {
    file_app files(100'000);
    running_app server(files.served);
    socket_client client = server.connect();
    client.send(ask("/file", "HEAD") + ask("/"));
    EXPECT_TRUE(client.reply(false).has("Content-Length: 100000"));
    EXPECT_EQ(client.reply().body, "Hello, World!");
}

TEST(FileContent, KeepsTheOrderOfPipelinedRequests) {
    file_app files(300'000);
    running_app server(files.served);
    socket_client client(server.port(), small_buffer);
    std::string requests;
    for (int each = 0; each < 20; ++each) {
        requests += ask("/file") + ask("/") + ask("/worker") + ask("/file", "HEAD");
    }
    client.send(requests);
    server.settle();
    for (int each = 0; each < 20; ++each) {
        ASSERT_TRUE(client.reply().body == files.content) << each;
        ASSERT_EQ(client.reply().body, "Hello, World!") << each;
        ASSERT_TRUE(client.reply().body == files.content) << each;
        ASSERT_EQ(client.reply(false).status, 200U) << each;
    }
}

TEST(FileContent, GoesToASlowReaderWhileOthersAreServed) {
    file_app files(large_bytes);
    running_app server(files.served);
    socket_client client(server.port(), small_buffer);
    client.send("GET /file HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    std::string all;
    std::size_t turns = 0;
    while (true) {
        const std::string piece = client.receive(100'000);
        if (piece.empty()) {
            break;
        }
        all += piece;
        if (++turns % 50 == 0) {
            server.settle();
        }
    }
    EXPECT_FALSE(client.was_reset());
    EXPECT_TRUE(std::string_view{all}.substr(all.find("\r\n\r\n") + 4) == files.content);
}

TEST(FileContent, IsCutWithTheConnectionWhenItBecomesShorter) {
    file_app files(large_bytes);
    running_app server(files.served);
    socket_client client(server.port(), small_buffer);
    client.send(ask("/file") + ask("/"));
    const std::string first = client.receive(1'000);
    ASSERT_TRUE(comes_true(server, [&] { return files.calls == 1; }));
    ASSERT_EQ(::ftruncate(files.descriptor, 10'000'000), 0);

    const std::string all = first + client.read_to_end();

    EXPECT_LT(all.size(), large_bytes);
    EXPECT_EQ(all.find("Hello"), std::string::npos);  // nothing in place of the rest
    EXPECT_TRUE(files.content.starts_with(all.substr(all.find("\r\n\r\n") + 4)));
    EXPECT_EQ(server.connect().get("/").body, "Hello, World!");
}

TEST(FileContent, IsSentAsItWasWhenItGrows) {
    file_app files(large_bytes);
    running_app server(files.served);
    socket_client client(server.port(), small_buffer);
    client.send(ask("/file") + ask("/"));
    ASSERT_TRUE(comes_true(server, [&] { return files.calls == 1; }));
    ASSERT_EQ(::pwrite(files.descriptor, "more", 4, large_bytes), 4);
    EXPECT_TRUE(client.reply().body == files.content);
    EXPECT_EQ(client.reply().body, "Hello, World!");
}

// The signal would end the program: it is not the library's to ignore it.
TEST(FileContent, IsClosedWhenTheClientLeaves) {
    for (const bool resets : {false, true}) {
        file_app files(large_bytes);
        running_app server(files.served);
        socket_client client(server.port(), small_buffer);
        client.send(ask("/file"));
        static_cast<void>(client.receive(1'000));
        static_cast<void>(server.connect().get("/drop"));
        EXPECT_TRUE(files.is_open());
        resets ? client.reset() : client.close();
        EXPECT_TRUE(comes_true(server, [&] { return !files.is_open(); }));
    }
}

TEST(FileContent, BringsNoSignalWhereClientsLeaveAtAnyTime) {
    file_app files(1'000'000);
    running_app server(files.served);
    std::vector<socket_client> clients;
    for (int each = 0; each < 200; ++each) {
        socket_client client(server.port(), small_buffer);
        client.send(ask("/file") + ask("/file"));
        if (each % 3 != 0) {
            static_cast<void>(client.receive(1'000));
        }
        client.reset();
    }
    EXPECT_EQ(server.connect().get("/").body, "Hello, World!");
}

TEST(FileContent, HasTheDeadlineOfItsSize) {
    file_app files(large_bytes);
    limits values;
    values.write_time = milliseconds{300};
    values.bytes_a_second = 1'000'000'000;
    files.served.limit(values);
    running_app server(files.served);
    socket_client client(server.port(), small_buffer);
    const clock::time_point began = clock::now();
    client.send(ask("/file"));
    static_cast<void>(client.receive(1'000));
    static_cast<void>(server.connect().get("/drop"));
    EXPECT_TRUE(comes_true(server, [&] { return !files.is_open(); }));
    EXPECT_GE(clock::now() - began, milliseconds{290});
}

TEST(FileContent, IsFinishedWhileTheServerDrains) {
    file_app files(large_bytes);
    run_options options = running_app::one_loop();
    options.drain_time = at_last;
    running_app server(files.served, options);
    socket_client client(server.port(), small_buffer);
    client.send(ask("/file"));
    ASSERT_TRUE(comes_true(server, [&] { return files.calls == 1; }));
    server.stop();
    EXPECT_TRUE(client.reply().body == files.content);
    EXPECT_TRUE(client.has_ended());
    EXPECT_TRUE(server.has_returned(at_last));
}

}  // namespace
}  // namespace cloakroom::net
