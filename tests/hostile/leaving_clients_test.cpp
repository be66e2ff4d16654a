// SPDX-License-Identifier: MIT
// Clients that leave at each co_await of a coroutine handler, and of the store's before and after.
#include "app/observed_store.hpp"
#include "net/door.hpp"
#include "net/running_app.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/memory_sessions.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <string>

namespace cloakroom::hostile {
namespace {

constexpr std::size_t door_count = 4;

// In the order in which a request comes by: load, two in the handler, commit.
struct doors {
    std::array<net::door, door_count> each;
    std::atomic<unsigned> finished = 0;
};

class guarded_store final : public async_session_store {
public:
    explicit guarded_store(doors& all) : doors_(&all) {}

    [[nodiscard]] session_capabilities capabilities() const noexcept override {
        return inner_->capabilities();
    }
    void prepare(const session_setting& setting) override { inner_->prepare(setting); }
    [[nodiscard]] task<session_load> load(const session_token& token, session_time now,
                                          stored_session& into) override {
        co_await doors_->each[0].pass();
        co_return inner_->load(token, now, into);
    }
    [[nodiscard]] task<session_commit> commit(session_change change, session_time now,
                                              session_committed& into) override {
        co_await doors_->each[door_count - 1].pass();
        co_return inner_->commit(change, now, into);
    }

private:
    doors* doors_;
    std::shared_ptr<session_store> inner_ = memory_sessions();
};

// Returns how many handlers have ended.
unsigned leave_at(std::size_t number, bool by_reset) {
    doors all;
    app served;
    served.log([](std::string_view) {});
    served.provide(all);
    session_options options;
    options.store_time = std::chrono::seconds{20};
    served.sessions(std::make_shared<guarded_store>(all), options);
    served.get("/", [] { return "plain"; });
    served.post("/",
                [](session& visitor, const request& req, service<doors> met) -> task<std::string> {
                    const std::string before{req.body()};
                    co_await met->each[1].pass();
                    visitor.set("count", visitor.value("count", 0) + 1);
                    co_await met->each[2].pass();
                    EXPECT_EQ(req.body(), before);
                    ++met->finished;
                    co_return before;
                });
    const net::running_app server(served);
    for (std::size_t each = 0; each < number; ++each) {
        all.each[each].open();
    }
    net::socket_client client = server.connect();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nCookie: session=" + std::string(43, 'a') +
                "\r\nContent-Length: 4\r\n\r\nbody");
    EXPECT_TRUE(all.each[number].has_met(1)) << number;
    by_reset ? client.reset() : client.close();
    server.settle();

    for (net::door& each : all.each) {
        each.open();
    }

    EXPECT_TRUE(all.each[door_count - 1].has_met(1));
    EXPECT_TRUE(all.each[door_count - 1].is_left());
    EXPECT_EQ(server.connect().get("/").body, "plain");
    return all.finished;
}

TEST(LeavingClients, LetTheHandlerEndWhereverTheyLeave) {
    for (std::size_t number = 0; number < door_count; ++number) {
        for (const bool by_reset : {false, true}) {
            EXPECT_EQ(leave_at(number, by_reset), 1U) << number << by_reset;
        }
    }
}

}  // namespace
}  // namespace cloakroom::hostile
