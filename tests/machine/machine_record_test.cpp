// SPDX-License-Identifier: MIT
// What a session may hold where a machine was, and the limits.
#include "checkout.hpp"
#include "visit.hpp"
#include <cloakroom/machine.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using namespace checkout_test;
using namespace std::chrono_literals;

constexpr session_time now{1'764'115'200s};
constexpr std::string_view key = "_machine.checkout";

// Each event a request of its own.
class shop {
public:
    template <class Event>
    bool give(const Event& event, std::string_view id = {}) {
        visit request(values);
        const bool has_counted = machine<checkout>(request.session(), now).apply(event, id);
        values = request.values();
        return has_counted;
    }

    session_values values;
};

// What loading a value leads to.
enum class found { machine, mismatch, newer };

template <class Machine = checkout>
found load(std::string_view json, std::string_view at = key) {
    visit request(at, json);
    try {
        const machine<Machine> flow(request.session(), now + 1min);
        EXPECT_FALSE(flow.state_name().empty());
        EXPECT_GE(flow.since(), session_time{}) << json;
        return found::machine;
    } catch (const machine_mismatch& error) {
        EXPECT_NE(std::string_view{error.what()}.find(at), std::string_view::npos);
        return found::mismatch;
    } catch (const http_error& error) {
        EXPECT_EQ(error.content().status, status::service_unavailable) << json;
        return found::newer;
    }
}

status refused_id(std::string_view id) {
    session visitor;
    machine<checkout> flow(visitor, now);
    try {
        (void)flow.try_apply(add_line{"apple", 1}, id);
    } catch (const http_error& error) {
        EXPECT_FALSE(visitor.contains(key));
        return error.content().status;
    }
    return status::ok;
}

status refused_instance(std::string_view name) {
    session visitor;
    try {
        machine<checkout>(visitor, now, name).apply(add_line{"apple", 1});
    } catch (const http_error& error) {
        return error.content().status;
    }
    return status::ok;
}

TEST(MachineRecord, StoresOneJsonObject) {
    shop visitor;
    visitor.give(add_line{"apple", 2}, "evt-1");

    EXPECT_EQ(visitor.values.find(key),
              R"({"state":"browsing","since":1764115200,"data":{"lines":[{"quantity":2,)"
              R"("sku":"apple"}]},"events":["evt-1"]})");
}

TEST(MachineRecord, KnowsTheLastSixteenIds) {
    shop visitor;
    for (int number = 0; number < 17; ++number) {
        EXPECT_TRUE(visitor.give(add_line{"apple", 1}, std::to_string(number)));
    }

    for (int number = 1; number < 17; ++number) {
        EXPECT_FALSE(visitor.give(add_line{"apple", 1}, std::to_string(number))) << number;
    }
    EXPECT_TRUE(visitor.give(add_line{"apple", 1}, "0")) << "the 17th is forgotten";
    EXPECT_TRUE(visitor.give(add_line{"apple", 1}, "1")) << "and with it the next";
}

TEST(MachineRecord, TakesNoPartOfAnIdForAnId) {
    shop visitor;
    visitor.give(add_line{"apple", 1}, "ab");
    visitor.give(add_line{"apple", 1}, "cd");

    for (const std::string_view other : {"a", "b", "c", "abcd", "ab;cd", "AB"}) {
        EXPECT_TRUE(visitor.give(add_line{"apple", 1}, other)) << other;
    }
}

TEST(MachineRecord, LimitsIds) {
    EXPECT_EQ(refused_id(std::string(64, 'i')), status::ok);
    EXPECT_EQ(refused_id(std::string(65, 'i')), status::bad_request);
    EXPECT_EQ(refused_id("!~#[]{}:/"), status::ok);
    for (const std::string_view id : {" ", "a b", "a\"", "a\\", "a,b", "\x7f", "\xc3\xa9", "a\n"}) {
        EXPECT_EQ(refused_id(id), status::bad_request) << id;
    }
    EXPECT_EQ(refused_id({"\0", 1}), status::bad_request);
}

TEST(MachineRecord, LimitsNamesOfInstances) {
    EXPECT_EQ(refused_instance(std::string(64, 'i')), status::ok);
    EXPECT_EQ(refused_instance(std::string(65, 'i')), status::not_found);
    EXPECT_EQ(refused_instance("A-z.0_9~"), status::ok);
    for (const std::string_view name : {" ", "a/b", "a%", "\"", "a,b", "\xc3\xa9", "a\n"}) {
        EXPECT_EQ(refused_instance(name), status::not_found) << name;
    }
}

TEST(MachineRecord, LimitsTheNumberOfInstances) {
    session visitor;
    machine_instances<checkout> orders(visitor, now);
    for (int number = 0; number < 64; ++number) {
        orders.at(std::to_string(number)).apply(add_line{"apple", 1});
    }
    machine<checkout>& one_more = orders.at("one-more");

    EXPECT_THROW(one_more.apply(add_line{"apple", 1}, "evt"), http_error);
    EXPECT_FALSE(visitor.contains("_machine.checkout/one-more"));
    EXPECT_EQ(orders.names().size(), 64U);

    orders.at("7").restart();
    EXPECT_TRUE(one_more.apply(add_line{"apple", 1}, "evt")) << "it had not counted";
    EXPECT_EQ(orders.names().size(), 64U);
    EXPECT_EQ(orders.names().back(), "one-more");
}

TEST(MachineRecord, ListsInstancesInTheOrderInWhichTheyBegan) {
    session visitor;
    machine_instances<checkout> orders(visitor, now);
    EXPECT_TRUE(orders.names().empty());
    for (const std::string_view name : {"b", "a", "c"}) {
        orders.at(name).apply(add_line{"apple", 1});
    }
    orders.at("a").apply(add_line{"pear", 1});
    (void)orders.at("only-looked-at");
    EXPECT_EQ(orders.names(), (std::vector<std::string>{"b", "a", "c"}));

    orders.at("b").restart();
    EXPECT_EQ(orders.names(), (std::vector<std::string>{"a", "c"}));
    orders.at("b").apply(add_line{"apple", 1});
    EXPECT_EQ(orders.names(), (std::vector<std::string>{"a", "c", "b"}));

    for (const std::string_view name : {"a", "b", "c"}) {
        orders.at(name).restart();
    }
    EXPECT_FALSE(visitor.contains("_machine.checkout/")) << "nothing is left of them";
}

struct off {};
struct on {};
struct flip {};
struct light : machine_of<off, on> {
    using events = cloakroom::events<flip>;
    static on apply(const off& /*from*/, const flip& /*event*/) { return {}; }
    static off apply(const on& /*from*/, const flip& /*event*/) { return {}; }
};

TEST(MachineRecord, RefusesAListOfInstancesThatIsNone) {
    for (const std::string_view json :
         {"7", "{}", "\"a\"", "[\"a\"", "[\"a\",]", "[7]", "[\"\"]", "[\"a/b\"]", "[\"a\"] []"}) {
        visit request("_machine.checkout/", json);
        const auto names = [&] {
            return machine_instances<checkout>(request.session(), now).names();
        };
        EXPECT_THROW(static_cast<void>(names()), machine_mismatch) << json;
    }
}

TEST(MachineRecord, KeepsMachinesApart) {
    session visitor;
    machine<checkout> only(visitor, now);
    machine<light> lamp(visitor, now);
    machine_instances<checkout> orders(visitor, now);

    orders.at("a").apply(add_line{"apple", 1});
    lamp.apply(flip{});
    orders.at("a").apply(check_out{});

    EXPECT_TRUE(machine<checkout>(visitor, now).is<browsing>());
    EXPECT_TRUE(machine<checkout>(visitor, now, "a").is<paying>());
    EXPECT_TRUE(machine<light>(visitor, now).is<on>());
    only.apply(cancel{});
    EXPECT_TRUE(machine<checkout>(visitor, now).is<cancelled>());
    EXPECT_TRUE(machine<checkout>(visitor, now, "a").is<paying>());
    only.restart();
    EXPECT_EQ(orders.names(), (std::vector<std::string>{"a"}));
}

TEST(MachineRecord, ChangesNothingWhenTheSessionTakesNothing) {
    session visitor;
    machine<checkout> flow(visitor, now);
    flow.apply(add_line{"apple", 1}, "evt-1");
    visitor.end();

    EXPECT_THROW((void)flow.apply(add_line{"apple", 1}, "evt-2"), std::logic_error);

    EXPECT_EQ(flow.get_if<browsing>()->lines.size(), 1U);
    EXPECT_THROW((void)flow.apply(add_line{"apple", 1}, "evt-2"), std::logic_error)
        << "it has not counted, so it is tried again";
    EXPECT_FALSE(flow.apply(add_line{"apple", 1}, "evt-1"));
}

TEST(MachineRecord, ReadsWhatAnotherWriterHasReordered) {
    constexpr std::string_view as_flask_writes =
        R"({ "data" : {"attempts": 1, "lines": [ {"sku":"apple", "quantity":2} ]},
             "events": [ "evt-1" , "evt-2" ], "extra": [1, {"state": "paid"}],
             "since": 1764115200, "state": "paying", "version": 0 })";
    visit request(key, as_flask_writes);
    machine<checkout> flow(request.session(), now + 1min);

    ASSERT_TRUE(flow.is<paying>());
    EXPECT_EQ(flow.get_if<paying>()->lines, (std::vector<line>{{"apple", 2}}));
    EXPECT_EQ(flow.since(), now);
    EXPECT_FALSE(flow.apply(cancel{}, "evt-2"));
}

TEST(MachineRecord, RefusesWhatItDoesNotKnow) {
    for (const std::string_view json :
         {R"({"state":"lost","since":1,"data":{}})",
          R"({"state":"","since":1,"data":{}})",
          R"({"state":7,"since":1,"data":{}})",
          R"({"state":"paying","since":1,"data":[]})",
          R"({"state":"paying","since":1,"data":{"lines":7}})",
          R"({"state":"paying","since":1})",
          R"({"state":"cancelled","data":{}})",
          R"({"since":1,"data":{}})",
          R"({"state":"cancelled","since":-1,"data":{}})",
          R"({"state":"cancelled","since":1.5,"data":{}})",
          R"({"state":"cancelled","since":"1","data":{}})",
          R"({"state":"cancelled","since":9223372036854775808,"data":{}})",
          R"({"state":"cancelled","since":1,"data":{},"version":"1"})",
          R"({"state":"cancelled","since":1,"data":{},"version":-1})",
          R"({"state":"cancelled","since":1,"data":{},"version":4294967296})",
          R"({"state":"cancelled","since":1,"data":{},"events":{}})",
          R"({"state":"cancelled","since":1,"data":{},"events":[1]})",
          R"({"state":"cancelled","since":1,"data":{},"events":[""]})",
          R"({"state":"cancelled","since":1,"data":{},"events":["a,b"]})",
          R"({"state":"cancelled","since":1,"data":{}} )"
          "x",
          "null",
          "7",
          "[]",
          "\"paying\"",
          "{}"}) {
        EXPECT_EQ(load(json), found::mismatch) << json;
    }
    std::string ids = "\"0\"";
    for (int number = 1; number < 16; ++number) {
        ids += ",\"" + std::to_string(number) + '"';
    }
    const std::string begin = R"({"state":"cancelled","since":1,"data":{},"events":[)";
    EXPECT_EQ(load(begin + ids + "]}"), found::machine);
    EXPECT_EQ(load(begin + ids + ",\"16\"]}"), found::mismatch);
}

TEST(MachineRecord, CalculatesWithAnyTime) {
    visit request(key, R"({"state":"paying","since":9223372036854775807,)"
                       R"("data":{"lines":[],"attempts":0}})");
    const machine<checkout> flow(request.session(), now);
    EXPECT_TRUE(flow.is<paying>()) << "its timeout is not over";
    EXPECT_EQ(load(R"({"state":"paying","since":1,"data":{"lines":[],"attempts":0}})"),
              found::machine);
}

TEST(MachineRecord, SurvivesEveryTruncation) {
    shop visitor;
    visitor.give(add_line{"ap\"ple", 2}, "evt-1");
    visitor.give(check_out{}, "evt-2");
    const std::string whole{visitor.values.find(key).value_or("")};
    ASSERT_EQ(load(whole), found::machine);

    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_EQ(load(whole.substr(0, size)), found::mismatch) << size;
    }
}

struct older : machine_of<off, on> {
    using events = cloakroom::events<flip>;
    static constexpr unsigned version = 1;
    static on apply(const off& /*from*/, const flip& /*event*/) { return {}; }
};

TEST(MachineRecord, SurvivesEveryChangeOfOneByte) {
    shop visitor;
    visitor.give(add_line{"apple", 2}, "evt-1");
    visitor.give(check_out{}, "evt-2");
    const std::string whole{visitor.values.find(key).value_or("")};
    const std::string versioned =
        R"({"state":"on","since":1764115200,"data":{},"version":1,"events":["a"]})";
    ASSERT_EQ(load<older>(versioned, "_machine.older"), found::machine);

    int refusals = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string changed = whole;
            changed[at] = static_cast<char>(byte);
            refusals += load(changed) == found::machine ? 0 : 1;
            if (at < versioned.size()) {
                changed = versioned;
                changed[at] = static_cast<char>(byte);
                (void)load<older>(changed, "_machine.older");
            }
        }
    }
    EXPECT_GT(refusals, 10'000);
}

}  // namespace
}  // namespace cloakroom
