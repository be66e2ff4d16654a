// SPDX-License-Identifier: MIT
// Whatever a client sends, the server holds less than a hundred times as many bytes for it; beside
// what a connection takes at all.
#include "allocation_faults.hpp"
#include "net/running_app.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/form.hpp>
#include <cloakroom/json.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::hostile {
namespace {

// Buffers of a desk: received bytes, and responses up to where the server stops to serve.
constexpr std::size_t bytes_of_a_connection = 512UL * 1024;
constexpr std::size_t most_times = 100;

struct shape {
    std::string name;
    std::string bytes;
    bool is_answered = true;  ///< At once, and with one response.
};

void PrintTo(const shape& one, std::ostream* out) {
    *out << one.name;
}

std::string repeated(std::string_view text, std::size_t count) {
    std::string all;
    for (std::size_t each = 0; each < count; ++each) {
        all += text;
    }
    return all;
}

std::string post(std::string_view target, std::string_view type, const std::string& content) {
    return "POST " + std::string{target} +
           " HTTP/1.1\r\nHost: h\r\nContent-Type: " + std::string{type} +
           "\r\nContent-Length: " + std::to_string(content.size()) + "\r\n\r\n" + content;
}

std::vector<shape> shapes() {
    constexpr std::string_view form = "application/x-www-form-urlencoded";
    constexpr std::string_view json = "application/json";
    const std::string get = "GET / HTTP/1.1\r\nHost: h\r\n";
    const std::string chunked =
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    return {
        {"ManyFields", get + repeated("a:b\r\n", 99) + "\r\n"},
        {"AnUnfinishedHead", get + "X-Long: " + std::string(15'000, 'x'), false},
        {"ManyCookies",
         "GET /visits HTTP/1.1\r\nHost: h\r\nCookie: " + repeated("a=b; ", 3'000) + "c=d\r\n\r\n"},
        {"TinyChunks", chunked + repeated("1\r\nx\r\n", 200'000), false},
        {"ChunksWithExtensions",
         chunked + repeated("1;" + std::string(100, 'e') + "\r\nx\r\n", 5'000)},
        {"AnUnfinishedBody",
         "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n" +
             std::string(999'999, 'x'),
         false},
        {"AnAnnouncedBody", "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n",
         false},
        {"PipelinedRequests", repeated(get + "\r\n", 5'000), false},
        {"ManyParameters", "GET /find?" + repeated("a&", 4'000) + " HTTP/1.1\r\nHost: h\r\n\r\n"},
        {"EscapedPath", "GET /" + repeated("%41/", 2'000) + " HTTP/1.1\r\nHost: h\r\n\r\n"},
        {"FormOfManyFields", post("/form", form, repeated("a&", 500'000))},
        {"FormOfManyPairs", post("/form", form, repeated("a=b&", 250'000))},
        {"FormOfOneField", post("/form", form, "text=" + repeated("%41", 300'000))},
        {"DeepJson", post("/json", json, std::string(500'000, '['))},
        {"JsonOfManyArrays", post("/json", json, "[" + repeated("[],", 300'000) + "0]")},
        {"JsonOfManyObjects", post("/json", json, "[" + repeated("{},", 300'000) + "0]")},
        {"JsonOfManyNumbers", post("/json", json, "[" + repeated("1,", 500'000) + "0]")},
        {"JsonOfManyMembers",
         post("/json", json, R"({"a":[)" + repeated(R"({"":0},)", 140'000) + "0]}")},
        {"TypedJson", post("/typed", json, "[" + repeated(R"("",)", 300'000) + R"(""])")},
        {"TypedJsonThatDoesNotFit", post("/typed", json, "[" + repeated("1,", 500'000) + "1]")},
    };
}

struct search {
    std::string text;
    static constexpr auto fields = cloakroom::fields(field("text", &search::text).optional());
};

class HeldMemory : public ::testing::TestWithParam<shape> {
protected:
    HeldMemory() {
        served.log([](std::string_view) {});
        served.sessions(memory_sessions());
        served.get("/", [] { return std::string(1'000, 'x'); });
        served.get("/visits", [](session& visitor) { return visitor.value("a", std::string{}); });
        served.get("/find", [](const query<search>& asked) { return asked->text; });
        served.post("/echo", [](const request& req) { return std::string{req.body()}; });
        served.post("/form", [](const form_body<search>& sent) { return sent->text; });
        served.post("/json",
                    [](const json_body<json>& sent) { return std::to_string(sent->size()); });
        served.post("/typed", [](const json_body<std::vector<std::string>>& sent) {
            return std::to_string(sent->size());
        });
    }

    app served;
};

INSTANTIATE_TEST_SUITE_P(All, HeldMemory, ::testing::ValuesIn(shapes()),
                         [](const auto& each) { return each.param.name; });

TEST_P(HeldMemory, IsLessThanAHundredTimesWhatCame) {
    const net::running_app server(served);
    server.settle();
    const std::size_t before = held_bytes();
    static_cast<void>(most_held_bytes());
    {
        net::socket_client client(server.port(), 4'096);  // its answers wait at the server
        std::string_view rest = GetParam().bytes;
        while (!rest.empty() && client.is_writable(std::chrono::milliseconds{300})) {
            rest.remove_prefix(client.send_some(rest));
        }
        if (GetParam().is_answered) {
            EXPECT_TRUE(client.try_reply());
        }
        for (int turn = 0; turn < 100; ++turn) {
            server.settle();  // the loop takes in what there is by and by
        }
        client.reset();
    }
    for (int turn = 0; turn < 1'000 && held_bytes() > before + bytes_of_a_connection; ++turn) {
        server.settle();  // what has gone is given back once the loop has done all else
    }

    const std::size_t most = most_held_bytes() - before;
    EXPECT_LT(most, bytes_of_a_connection + most_times * GetParam().bytes.size());
    EXPECT_LE(held_bytes(), before + bytes_of_a_connection);
    RecordProperty("times", std::to_string(most / GetParam().bytes.size()));
    RecordProperty("bytes", std::to_string(most));
}

}  // namespace
}  // namespace cloakroom::hostile
