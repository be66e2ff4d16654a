// SPDX-License-Identifier: MIT
// Machines that an older or a newer program has stored.
#include "visit.hpp"
#include <cloakroom/fields.hpp>
#include <cloakroom/machine.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

namespace cloakroom {
namespace {

constexpr session_time now{std::chrono::seconds{1'764'115'200}};
constexpr std::string_view key = "_machine.order";

struct take {
    int quantity = 1;
};
struct send {};

// The first program.
namespace first {
struct open {
    int quantity = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("quantity", &open::quantity));
};
struct closed {};
struct order : machine_of<open, closed> {
    using events = cloakroom::events<take, send>;
    static open apply(const open& from, const take& event) {
        return {from.quantity + event.quantity};
    }
    static closed apply(const open& /*from*/, const send& /*event*/) { return {}; }
};
}  // namespace first

// The second one has called "quantity" "items".
namespace second {
struct open {
    int items = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("items", &open::items));
};
struct closed {};
struct order : machine_of<open, closed> {
    using events = cloakroom::events<take, send>;
    static constexpr unsigned version = 1;
    static open apply(const open& from, const take& event) { return {from.items + event.quantity}; }
    static closed apply(const open& /*from*/, const send& /*event*/) { return {}; }
    static stored_state migrate(stored_state stored, unsigned /*from*/) {
        if (const auto at = stored.data.find("quantity"); at != std::string::npos) {
            stored.data.replace(at, 8, "items");
        }
        return stored;
    }
};
}  // namespace second

// The third one has called the state "closed" "sent".
namespace third {
struct open {
    int items = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("items", &open::items));
};
struct sent {};
struct order : machine_of<open, sent> {
    using events = cloakroom::events<take, send>;
    static constexpr unsigned version = 2;
    static open apply(const open& from, const take& event) { return {from.items + event.quantity}; }
    static sent apply(const open& /*from*/, const send& /*event*/) { return {}; }
    static stored_state migrate(stored_state stored, unsigned from) {
        if (from < 1) {
            stored = second::order::migrate(stored, from);
        }
        if (stored.name == "closed") {
            stored.name = "sent";
        }
        return stored;
    }
};
}  // namespace third

template <class Machine, class Event>
session_values given(const session_values& stored, const Event& event, std::string_view id) {
    visit request(stored);
    machine<Machine>(request.session(), now).apply(event, id);
    return request.values();
}

TEST(MachineVersion, MigratesFromEachOlderOne) {
    const session_values oldest = given<first::order>({}, take{3}, "evt-1");
    ASSERT_EQ(oldest.find(key),
              R"({"state":"open","since":1764115200,"data":{"quantity":3},"events":["evt-1"]})");
    const session_values older = given<second::order>(oldest, take{2}, "evt-2");
    ASSERT_EQ(older.find(key), R"({"state":"open","since":1764115200,"data":{"items":5},)"
                               R"("version":1,"events":["evt-1","evt-2"]})");

    visit of_oldest(oldest);
    visit of_older(older);
    const machine<third::order> from_oldest(of_oldest.session(), now);
    machine<third::order> from_older(of_older.session(), now);

    EXPECT_EQ(from_oldest.get_if<third::open>()->items, 3);
    EXPECT_EQ(from_oldest.since(), now);
    EXPECT_EQ(from_older.get_if<third::open>()->items, 5);
    EXPECT_FALSE(from_older.apply(take{1}, "evt-1")) << "ids are kept";
    EXPECT_EQ(of_older.values(), older) << "it is stored with the next event only";
}

TEST(MachineVersion, MigratesTheNameOfAState) {
    const session_values closed = given<first::order>({}, send{}, {});
    visit request(closed);
    const machine<third::order> flow(request.session(), now);
    EXPECT_TRUE(flow.is<third::sent>());
}

TEST(MachineVersion, LeavesWhatIsNewerAlone) {
    const session_values newer = given<second::order>({}, take{3}, {});
    visit request(newer);
    try {
        const machine<first::order> flow(request.session(), now);
        FAIL() << flow.state_name();
    } catch (const http_error& error) {
        EXPECT_EQ(error.content().status, status::service_unavailable);
        EXPECT_EQ(error.content().fields,
                  (std::vector<std::pair<std::string, std::string>>{{"Retry-After", "1"}}));
        EXPECT_NE(std::string_view{error.what()}.find("in version 1, and this program writes 0"),
                  std::string_view::npos);
    }
    EXPECT_EQ(request.values(), newer);
}

TEST(MachineVersion, RefusesWhatMigrateHasNotMadeToFit) {
    visit request(key, R"({"state":"lost","since":1,"data":{}})");
    EXPECT_THROW(machine<third::order>(request.session(), now), machine_mismatch);
    visit no_number(key, R"({"state":"open","since":1,"data":{"quantity":"many"}})");
    EXPECT_THROW(machine<third::order>(no_number.session(), now), machine_mismatch);
}

}  // namespace
}  // namespace cloakroom
