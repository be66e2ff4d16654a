// SPDX-License-Identifier: MIT
// Requests that are refused before they have a route: what the app's own middleware and error pages
// see of them.
#include "wire.hpp"
#include <cloakroom/app.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using strings = std::vector<std::string>;

const std::string chunked_head =
    "POST /small?a=b HTTP/1.1\r\nHost: h\r\nAccept: text/html\r\nX-Mine: mine\r\n"
    "Transfer-Encoding: chunked\r\n\r\n";

const std::string post_head =
    "POST /small?a=b HTTP/1.1\r\nHost: h\r\nAccept: text/html\r\nX-Mine: mine\r\n"
    "Content-Length: 10\r\n\r\n";

// Whether the desk is parked between the pieces of a request.
class RefusedRequests : public ::testing::TestWithParam<bool> {
protected:
    void SetUp() override {
        under_test.log([this](std::string_view line) { logged.emplace_back(line); });
        limits values;
        values.header_bytes = 1'000;
        under_test.limit(values);
        under_test.after([this](const request& req, response& res) {
            seen.push_back(std::string{to_string(req.method())} + " " + std::string{req.target()} +
                           " " + std::to_string(to_number(res.status())));
            res.set("X-After", "seen");
        });
        under_test
            .post("/small", [](const request& req) { return std::to_string(req.body().size()); })
            .body_limit(10);
    }

    // The app with error pages that say what they are told of the request.
    void describe_errors() {
        under_test.error_pages([](const request& req, const problem& content) {
            return text(std::to_string(to_number(content.status)) + " " +
                        std::string{to_string(req.method())} + " " + std::string{req.target()} +
                        " " + std::string{req.header("x-mine").value_or("-")} +
                        (req.prefers_html() ? " html" : " json"));
        });
    }

    outcome after(const strings& pieces) {
        wire client(under_test, GetParam());
        for (const std::string& each : pieces) {
            client.receive(each);
        }
        return client.got();
    }

    outcome after_time_has_passed(const strings& pieces) {
        wire client(under_test, GetParam());
        for (const std::string& each : pieces) {
            client.receive(each);
        }
        EXPECT_EQ(client.got().bytes, "");
        client.time_out();
        return client.got();
    }

    static void expect_refused(const outcome& got, std::string_view status, std::string_view part) {
        EXPECT_TRUE(got.bytes.starts_with("HTTP/1.1 " + std::string{status} + " ")) << got.bytes;
        EXPECT_NE(got.bytes.find(part), std::string::npos) << got.bytes;
        EXPECT_TRUE(got.has_closed);
    }

    app under_test;
    strings seen;
    strings logged;
};

INSTANTIATE_TEST_SUITE_P(All, RefusedRequests, ::testing::Values(false, true),
                         [](const auto& each) {
                             return std::string{each.param ? "Parked" : "OnTheDesk"};
                         });

TEST_P(RefusedRequests, PassTheAftersOfTheApp) {
    const struct {
        std::string bytes;
        std::string_view status;
        std::string seen;
    } cases[] = {
        {"nonsense\r\n\r\n", "400", "GET  400"},
        {"GET /a HTTP/1.1\r\n\r\n", "400", "GET /a 400"},
        {"GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(2'000, 'x'), "431", "GET  431"},
        {"POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n", "413", "POST /small 413"},
        {"POST /none HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999\r\n\r\n", "413",
         "POST /none 413"},
        {chunked_head + "b\r\n12345678901\r\n0\r\n\r\n", "413", "POST /small?a=b 413"},
    };
    for (const auto& [bytes, status, expected] : cases) {
        seen.clear();
        expect_refused(after({bytes}), status, "\r\nX-After: seen\r\n");
        ASSERT_EQ(seen.size(), 1U) << bytes;
        EXPECT_EQ(seen.front().substr(seen.front().size() - 3), status);
        if (expected.find('/') != std::string::npos) {  // else it is no request
            EXPECT_EQ(seen.front(), expected);
        }
    }
    EXPECT_EQ(logged, strings{});
}

TEST_P(RefusedRequests, PassTheAftersOfTheAppWhenTheyTookTooLong) {
    expect_refused(after_time_has_passed({"GET / HTTP/1.1\r\nHo"}), "408", "\r\nX-After: seen\r\n");
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_TRUE(seen.front().ends_with(" 408"));
    expect_refused(after_time_has_passed({post_head, "12345"}), "408", "\r\nX-After: seen\r\n");
    EXPECT_EQ(seen.back(), "POST /small?a=b 408");
}

TEST_P(RefusedRequests, AreAnsweredWhateverAnAfterThrows) {
    under_test.after([](const request&, response&) { throw std::runtime_error("after"); });
    expect_refused(after({"GET /a HTTP/1.1\r\n\r\n"}), "400", "\r\nX-After: seen\r\n");
    EXPECT_EQ(logged, strings{"GET /a: after"});
}

TEST_P(RefusedRequests, AreKnownToErrorPagesByTheirHead) {
    describe_errors();
    expect_refused(
        after({"POST /small?a=b HTTP/1.1\r\nHost: h\r\nAccept: text/html\r\nX-Mine: mine\r\n"
               "Content-Length: 11\r\n\r\n"}),
        "413", "\r\n\r\n413 POST /small?a=b mine html");
}

TEST_P(RefusedRequests, AreKnownToErrorPagesWhenAChunkThatComesLaterIsTooMuch) {
    describe_errors();
    expect_refused(after({chunked_head, "5\r\n12345\r\n", "6\r\n123456\r\n"}), "413",
                   "\r\n\r\n413 POST /small?a=b mine html");
    expect_refused(after({chunked_head.substr(0, 30), chunked_head.substr(30) + "5\r\n123",
                          "45\r\nf", "f\r\n"}),
                   "413", "\r\n\r\n413 POST /small?a=b mine html");
    expect_refused(after({chunked_head, "5\r\n12345\r\n", "nonsense"}), "400",
                   "\r\n\r\n400 POST /small?a=b mine html");
}

TEST_P(RefusedRequests, AreKnownToErrorPagesWhenTheBodyTookTooLong) {
    describe_errors();
    for (const std::string& head : {chunked_head, post_head}) {
        expect_refused(after_time_has_passed({head}), "408",
                       "\r\n\r\n408 POST /small?a=b mine html");
    }
    expect_refused(after_time_has_passed({chunked_head, "5\r\n12345\r\n", "2\r\n1"}), "408",
                   "\r\n\r\n408 POST /small?a=b mine html");
    expect_refused(after_time_has_passed({post_head + "12345", "6789"}), "408",
                   "\r\n\r\n408 POST /small?a=b mine html");
}

TEST_P(RefusedRequests, KnowNothingOfTheRequestBeforeThem) {
    describe_errors();
    wire client(under_test, GetParam());
    client.receive(post_head + "1234567890");
    client.receive("GET /");
    client.time_out();
    const std::string& bytes = client.got().bytes;
    EXPECT_NE(bytes.find("HTTP/1.1 408 "), std::string::npos);
    EXPECT_EQ(bytes.find("mine"), std::string::npos) << bytes;
}

TEST_P(RefusedRequests, ArePagesOrProblemsByTheirAccept) {
    expect_refused(after({chunked_head, "b\r\n"}), "413", "\r\nContent-Type: text/html");
    expect_refused(after_time_has_passed({post_head}), "408", "\r\nContent-Type: text/html");
    expect_refused(after_time_has_passed({"GET / HTTP/1.1\r\nAccept: text/html\r\n"}), "408",
                   "\r\nContent-Type: application/problem+json");
}

}  // namespace
}  // namespace cloakroom
