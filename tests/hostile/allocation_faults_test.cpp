// SPDX-License-Identifier: MIT
// Every allocation of a request fails once, and from each on all do, for each kind of request: the
// server lives, the client gets an error or a closed connection, and what it was told holds.
#include "allocation_faults.hpp"

#include "faulty_requests.hpp"
#include "net/running_app.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::hostile {
namespace {

// No request of these takes as many: a test that gets there goes round in a circle.
constexpr std::size_t most_allocations = 2'000;

// A client of one server, with its session's cookie and count.
class visitor {
public:
    visitor(const net::running_app& server, const request_kind& sends)
        : server_(&server), sends_(&sends) {}

    /// Sends the request over a connection of its own. @return Nothing where that was closed.
    std::optional<net::socket_reply> ask() {
        std::optional<net::socket_reply> got;
        try {
            net::socket_client client = server_->connect();
            client.send(sends_->text(cookie_));
            got = client.reply(sends_->has_body);
        } catch (const std::system_error&) {
            return std::nullopt;  // reset
        } catch (const std::runtime_error& error) {
            if (std::string_view{error.what()}.find("nothing was received") !=
                std::string_view::npos) {
                throw;
            }
            return std::nullopt;  // it was closed, and the client can tell
        }
        keep_cookie(got->head);
        return got;
    }

private:
    void keep_cookie(std::string_view head) {
        constexpr std::string_view name = "Set-Cookie: session=";
        const std::size_t begin = head.find(name);
        if (begin != std::string_view::npos) {
            const std::string_view rest = head.substr(begin + name.size());
            cookie_ = rest.substr(0, rest.find(';'));
        }
    }

    const net::running_app* server_;
    const request_kind* sends_;
    std::string cookie_;
};

enum class session_begins { before, in_this_request };

class AllocationFaults : public ::testing::TestWithParam<request_kind> {
protected:
    // One server, from its first request on: nothing that an earlier one made is there for it.
    // Returns whether an allocation failed.
    bool fail(std::size_t number, outage how, session_begins begins) {
        SCOPED_TRACE("allocation " + std::to_string(number));
        faulty_app served(GetParam().store);
        const net::running_app server(served.under_test);
        settle(server);
        visitor client(server, GetParam());
        unsigned count = 0;
        if (GetParam().counts_visits && begins == session_begins::before) {
            EXPECT_EQ(client.ask().value().body, GetParam().body(++count));
        }

        fail_allocation(number, how);
        const std::optional<net::socket_reply> got = client.ask();
        const bool has_failed = end_outage() != 0;

        EXPECT_FALSE(server.has_returned(std::chrono::milliseconds{0}));
        if (got && got->status == GetParam().status) {
            ++count;
            // An error may come without its page, or with a plainer one.
            EXPECT_TRUE(got->status >= 400 || got->body == GetParam().body(count)) << got->body;
        } else if (got) {
            EXPECT_TRUE(got->status == 500 || got->status == 503) << got->head;
        }
        EXPECT_TRUE(has_failed || got);
        const std::optional<net::socket_reply> after = client.ask();
        EXPECT_TRUE(after && after->status == GetParam().status &&
                    (after->body == GetParam().body(count + 1) ||
                     (GetParam().counts_visits && after->body == GetParam().body(count + 2))))
            << (after ? after->head + after->body : "closed");
        return has_failed;
    }

    void fail_each(outage how, session_begins begins = session_begins::before) {
        std::size_t number = 1;
        while (number < most_allocations && fail(number, how, begins) && !HasFailure()) {
            ++number;
        }
        EXPECT_LT(number, most_allocations);
        RecordProperty("allocations", std::to_string(number - 1));
    }

    // Until the loop runs: what a start takes is not counted.
    static void settle(const net::running_app& server) {
        net::socket_client client = server.connect();
        client.end_sending();
        EXPECT_TRUE(client.has_ended());
    }
};

// Of each allocation and of all behind it. Not where coroutines run: Asio's need memory to end
// (awaitable_thread's destructor).
class LastingFaults : public AllocationFaults {};

class FirstVisitFaults : public AllocationFaults {};

const auto name_of_kind = [](const auto& each) { return each.param.name; };

std::vector<request_kind> kinds_that(bool (*fits)(const request_kind&)) {
    std::vector<request_kind> kinds = request_kinds();
    std::erase_if(kinds, [&](const request_kind& each) { return !fits(each); });
    return kinds;
}

INSTANTIATE_TEST_SUITE_P(All, AllocationFaults, ::testing::ValuesIn(request_kinds()), name_of_kind);
INSTANTIATE_TEST_SUITE_P(All, LastingFaults,
                         ::testing::ValuesIn(kinds_that([](const request_kind& each) {
                             return !each.runs_coroutines;
                         })),
                         name_of_kind);
INSTANTIATE_TEST_SUITE_P(All, FirstVisitFaults,
                         ::testing::ValuesIn(kinds_that([](const request_kind& each) {
                             return each.counts_visits;
                         })),
                         name_of_kind);

TEST_P(AllocationFaults, OfOneAreErrorsOfThatRequestAlone) {
    fail_each(outage::one);
}

TEST_P(LastingFaults, AreErrorsOfThatRequestAlone) {
    fail_each(outage::from_then);
}

TEST_P(FirstVisitFaults, AreErrorsOfThatRequestAlone) {
    fail_each(outage::one, session_begins::in_this_request);
    if (!GetParam().runs_coroutines) {
        fail_each(outage::from_then, session_begins::in_this_request);
    }
}

}  // namespace
}  // namespace cloakroom::hostile

int main(int argc, char** argv) {
    cloakroom::hostile::watch_openssl();
    cloakroom::hostile::spare_this_thread();
    ::testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
