// SPDX-License-Identifier: MIT
// How much memory a request asks for. An executable of its own, for it takes the place of malloc.
#include "app/app_implementation.hpp"
#include "http1/conversation.hpp"
#include "net/running_app.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/sealed_cookie_sessions.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace {

// Of this thread, since it began. A plain number, for it is there before any constructor.
constinit thread_local std::size_t allocation_count = 0;

}  // namespace

// In front of the C library's own, which have these names too (glibc only). Of its free() there is
// no need: it takes back what those give. operator new takes from malloc.
extern "C" {
void* __libc_malloc(std::size_t bytes) noexcept;                           // NOLINT
void* __libc_calloc(std::size_t count, std::size_t bytes) noexcept;        // NOLINT
void* __libc_realloc(void* old, std::size_t bytes) noexcept;               // NOLINT
void* __libc_memalign(std::size_t alignment, std::size_t bytes) noexcept;  // NOLINT

void* malloc(std::size_t bytes) noexcept {
    ++allocation_count;
    return __libc_malloc(bytes);
}
void* calloc(std::size_t count, std::size_t bytes) noexcept {
    ++allocation_count;
    return __libc_calloc(count, bytes);
}
void* realloc(void* old, std::size_t bytes) noexcept {
    ++allocation_count;
    return __libc_realloc(old, bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
    ++allocation_count;
    return __libc_memalign(alignment, bytes);
}
}

namespace cloakroom {
namespace {

std::string get(std::string_view target, std::string_view fields = {}) {
    return "GET " + std::string{target} + " HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n" +
           std::string{fields} + "\r\n";
}

// What a browser sends with each request.
constexpr std::string_view browser_fields =
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    "Accept-Language: en-GB,en;q=0.5\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Connection: keep-alive\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
    "Sec-Fetch-Dest: document\r\n"
    "Sec-Fetch-Mode: navigate\r\n";

// An app behind a connection without a socket, worked on as the event loop does.
class bench {
public:
    explicit bench(app& under_test)
        : inside_(app_access::inside(under_test)),
          shared_{inside_.freeze(true), inside_.setup.limits} {}

    /// Sends the request. @return What came back, valid until the next call.
    std::string_view send(std::string_view request) {
        at_.output.clear();
        talk_.unpark(at_);
        at_.input.append(request);
        static_cast<void>(talk_.advance(at_, shared_, {"Sun, 06 Nov 1994 08:49:37 GMT"}));
        return at_.output;
    }

    /// The allocations of each of `count` requests, once a few have gone before.
    double allocations_each(std::string_view request, std::size_t count = 1'000) {
        for (int each = 0; each < 20; ++each) {
            send(request);
        }
        const std::size_t before = allocation_count;
        for (std::size_t each = 0; each < count; ++each) {
            send(request);
        }
        return static_cast<double>(allocation_count - before) / static_cast<double>(count);
    }

private:
    app_access::implementation& inside_;
    http1::conversation::setting shared_;
    http1::desk at_{execution{}};
    http1::conversation talk_;
};

void add_routes(app& to) {
    to.get("/", [] { return "Hello, World!"; });
    to.get("/users/{id}", [](int id) { return std::to_string(id + 1); });
    to.post("/length", [](const request& req) { return std::to_string(req.body().size()); });
    to.get("/allocations", [] { return std::to_string(allocation_count); });
    to.get("/visits", [](session& visitor) {
        const int count = visitor.value("count", 0) + 1;
        visitor.set("count", count);
        return std::to_string(count);
    });
}

TEST(Allocation, IsCountedHere) {
    const volatile std::size_t bytes = 100;  // lest the compiler leave them out
    const std::size_t before = allocation_count;

    void* volatile kept = std::malloc(bytes);
    std::free(kept);
    const std::size_t by_malloc = allocation_count - before;
    const std::string text(bytes, 'x');
    const char* volatile seen = text.data();
    static_cast<void>(seen);

    EXPECT_EQ(by_malloc, 1U);
    EXPECT_EQ(allocation_count - before, 2U);
}

TEST(Allocation, IsNotNeededForASmallResponse) {
    app under_test;
    under_test.sessions(memory_sessions());
    add_routes(under_test);
    bench at(under_test);
    ASSERT_TRUE(at.send(get("/")).ends_with("\r\n\r\nHello, World!"));

    EXPECT_EQ(at.allocations_each(get("/")), 0);
    EXPECT_EQ(at.allocations_each(get("/", browser_fields)), 0);
    EXPECT_EQ(at.allocations_each(get("/?page=1&size=20")), 0);
    EXPECT_EQ(at.allocations_each("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"), 0);
}

TEST(Allocation, IsNotNeededForAPathParameter) {
    app under_test;
    under_test.sessions(memory_sessions());
    add_routes(under_test);
    bench at(under_test);
    ASSERT_TRUE(at.send(get("/users/41")).ends_with("\r\n\r\n42"));

    EXPECT_EQ(at.allocations_each(get("/users/41")), 0);
    EXPECT_EQ(at.allocations_each(get("/users/%34%31")), 0);
}

TEST(Allocation, IsNotNeededForASmallBody) {
    app under_test;
    under_test.sessions(memory_sessions());
    add_routes(under_test);
    bench at(under_test);
    const std::string post = "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" +
                             std::string(1'000, 'x');
    ASSERT_TRUE(at.send(post).ends_with("\r\n\r\n1000"));
    const std::string chunked =
        "POST /length HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Sum: 1\r\n\r\n";
    ASSERT_TRUE(at.send(chunked).ends_with("\r\n\r\n5"));

    EXPECT_EQ(at.allocations_each(post), 0);
    EXPECT_EQ(at.allocations_each(chunked), 0);
}

TEST(Allocation, IsNotNeededForPipelinedRequests) {
    app under_test;
    under_test.sessions(memory_sessions());
    add_routes(under_test);
    bench at(under_test);
    std::string requests;
    for (int each = 0; each < 16; ++each) {
        requests += get(each % 2 == 0 ? "/" : "/users/41", browser_fields);
    }

    EXPECT_EQ(at.allocations_each(requests), 0);
}

// What a visit costs: at most so much, and how much it was goes on record.
void measure_visits(std::shared_ptr<session_store> store, double at_most) {
    app under_test;
    under_test.sessions(std::move(store));
    add_routes(under_test);
    bench at(under_test);
    const std::string first{at.send(get("/visits"))};
    const std::size_t begin = first.find("session=");
    ASSERT_NE(begin, std::string::npos) << first;
    const std::string cookie = first.substr(begin, first.find(';', begin) - begin);
    const std::string request = get("/visits", "Cookie: " + cookie + "\r\n");

    const double each = at.allocations_each(request);

    EXPECT_LE(each, at_most);
    ::testing::Test::RecordProperty("allocations_each", std::to_string(each));
}

TEST(Allocation, IsNotNeededForASessionInMemory) {
    measure_visits(memory_sessions(), 0);
}

TEST(Allocation, IsNotNeededForASessionInASignedCookie) {
    measure_visits(signed_cookie_sessions({.secret = "your secret key"}), 0);
}

TEST(Allocation, IsNotNeededForASessionInASealedCookie) {
    measure_visits(sealed_cookie_sessions({.secret = "your secret key"}), 0);
}

// What `count` times `request` cost the server's thread, as that tells it.
std::size_t allocations_of_server(net::socket_client& client, const std::string& request,
                                  int answers, int count) {
    const std::string before = client.get("/allocations").body;
    for (int each = 0; each < count; ++each) {
        client.send(request);
        for (int answer = 0; answer < answers; ++answer) {
            static_cast<void>(client.reply());
        }
    }
    return std::stoul(client.get("/allocations").body) - std::stoul(before);
}

TEST(Allocation, IsNotNeededByAServer) {
    app under_test;
    under_test.sessions(memory_sessions());
    add_routes(under_test);
    const net::running_app server(under_test);
    net::socket_client client = server.connect();
    std::string pipelined;
    for (int each = 0; each < 16; ++each) {
        pipelined += get("/users/41");
    }
    allocations_of_server(client, get("/", browser_fields) + pipelined, 17, 20);

    EXPECT_EQ(allocations_of_server(client, get("/", browser_fields), 1, 1'000), 0U);
    EXPECT_EQ(allocations_of_server(client, get("/users/41"), 1, 1'000), 0U);
    EXPECT_EQ(allocations_of_server(client, pipelined, 16, 200), 0U);
}

}  // namespace
}  // namespace cloakroom
