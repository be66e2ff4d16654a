// SPDX-License-Identifier: MIT
// Random events on machines, beside models of them that are written by hand. After each step the
// session is stored and loaded, so that no state lives on in an object.
#include "machine_models.hpp"
#include "visit.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string>

namespace cloakroom {
namespace {

using models::any_below;
using models::outcome;

constexpr int steps = 10'000;

// Texts with all that JSON escapes.
std::string any_text(std::mt19937& random) {
    static constexpr std::array<std::string_view, 10> pieces{"a", "\"", "\\", "\n", "\x01",
                                                             "é", "😀",  "</", "{}", ","};
    std::string text;
    for (int left = any_below(random, 12); left > 0; --left) {
        text += pieces[random() % pieces.size()];
    }
    return text;
}

outcome outcome_of(event_outcome::kind what) {
    switch (what) {
        case event_outcome::kind::applied:
            return outcome::applied;
        case event_outcome::kind::repeated:
            return outcome::repeated;
        case event_outcome::kind::refused:
            return outcome::refused;
        default:
            return outcome::not_allowed;
    }
}

// Whether leaving, entering or the event itself throws.
bool throws(const models::kettle_model& before, const models::kettle_model::any_event_type& given,
            const models::kettle_model& after, outcome expected, std::string_view fault) {
    const bool is_taken =
        before.state == models::kettle_model::cold || before.state == models::kettle_model::warm;
    return expected != outcome::repeated &&
           ((models::kettle_model::fails_by_itself(given) && is_taken) ||
            (fault == "entry" && after.warmings > before.warmings) ||
            (fault == "exit" && after.exits > before.exits));
}
bool throws(const models::checkout_model&, const models::checkout_model::any_event_type&,
            const models::checkout_model&, outcome, std::string_view) {
    return false;
}

void expect_same_side_effects(class session& visitor, const models::kettle_model& model) {
    ASSERT_EQ(visitor.value("warmings", 0), model.warmings);
    ASSERT_EQ(visitor.value("exits", 0), model.exits);
}
void expect_same_side_effects(class session&, const models::checkout_model&) {}

template <class Model>
class random_walk {
public:
    using flow = machine<typename Model::machine_type>;
    static constexpr std::size_t event_count = std::variant_size_v<typename Model::any_event_type>;

    explicit random_walk(unsigned seed) : random_(seed) {}

    // Each step is a request of its own: time passes, then one event is given.
    void step() {
        now_ += any_below(random_, 20) == 0 ? any_below(random_, 2'000) : any_below(random_, 4);
        visit request(stored_);
        flow under_test(request.session(), session_time{std::chrono::seconds{now_}});
        model_.pass(now_);
        expect_like_model(under_test, request);
        if (!::testing::Test::HasFatalFailure()) {
            const typename Model::any_event_type given =
                Model::any_event(random_, any_text(random_));
            ++covered[static_cast<std::size_t>(model_.state)][given.index()];
            std::visit([&](const auto& event) { give(under_test, request, event); }, given);
        }
    }

    std::array<std::array<int, event_count>, Model::states> covered{};
    int thrown = 0;
    int repeated = 0;

private:
    template <class Event>
    void give(flow& under_test, visit& request, const Event& event) {
        static constexpr std::array<std::string_view, 8> faults{"entry", "exit"};
        const std::string_view fault = faults[random_() % faults.size()];
        request.session().set("fault", fault);
        const session_values before = request.values();
        // Of the 24 ids some are known, some have been, and some have been forgotten.
        const std::string id =
            any_below(random_, 2) == 0 ? "" : "id-" + std::to_string(random_() % 24);
        Model next = model_;
        const outcome expected = Model::give(next, event, now_, id);
        try {
            ASSERT_EQ(outcome_of(under_test.try_apply(event, id).what), expected);
            ASSERT_FALSE(throws(model_, event, next, expected, fault));
            repeated += expected == outcome::repeated ? 1 : 0;
            model_ = next;
        } catch (const std::runtime_error&) {
            ASSERT_TRUE(throws(model_, event, next, expected, fault));
            ++thrown;
            expect_unchanged(request, before);
            request.session().set("exits", before_exits(before));
        }
        expect_like_model(under_test, request);
        wear_off(under_test);
        request.session().erase("fault");
        stored_ = request.values();
    }

    // What on_exit itself wrote into the session before on_entry failed is no part of the machine.
    static void expect_unchanged(visit& request, const session_values& before) {
        session_values after = request.values();
        session_values expected = before;
        after.erase("exits");
        expected.erase("exits");
        ASSERT_EQ(after, expected);
    }
    static int before_exits(const session_values& before) {
        return std::stoi(std::string{before.find("exits").value_or("0")});
    }

    void expect_like_model(const flow& under_test, visit& request) {
        ASSERT_TRUE(model_.is_like(under_test.state()))
            << under_test.state_name() << ", the model: " << model_.state;
        ASSERT_EQ(under_test.since(), session_time{std::chrono::seconds{model_.since}});
        expect_same_side_effects(request.session(), model_);
        const std::string json = request.value(key());
        ASSERT_TRUE(json.empty() || json_text::is_json(json)) << json;
        ASSERT_LE(json.size(), Model::max_bytes) << json;
    }

    void wear_off(flow& under_test) {
        if (model_.is_worn() && any_below(random_, 8) == 0) {
            under_test.restart();
            reset(model_);
        }
    }
    static void reset(models::checkout_model& model) { model = {}; }
    static void reset(models::kettle_model& model) {
        models::kettle_model fresh;
        fresh.warmings = model.warmings;
        fresh.exits = model.exits;
        model = fresh;
    }

    static std::string key() { return "_machine." + std::string{flow::description().name}; }

    std::mt19937 random_;
    session_values stored_;
    Model model_;
    long now_ = 1'764'115'200;
};

template <class Model>
class MachineProperties : public ::testing::Test {
protected:
    void SetUp() override {
        for (unsigned seed = 1; seed <= 3; ++seed) {
            random_walk<Model> walk(seed);
            for (int step = 0; step < steps && !HasFatalFailure(); ++step) {
                SCOPED_TRACE(::testing::Message() << "seed " << seed << ", step " << step);
                walk.step();
            }
            for (std::size_t state = 0; state < covered.size(); ++state) {
                for (std::size_t event = 0; event < covered[state].size(); ++event) {
                    covered[state][event] += walk.covered[state][event];
                }
            }
            thrown += walk.thrown;
            repeated += walk.repeated;
        }
    }

    void expect_all_covered() const {
        for (std::size_t state = 0; state < covered.size(); ++state) {
            for (std::size_t event = 0; event < covered[state].size(); ++event) {
                EXPECT_GT(covered[state][event], 0) << "state " << state << ", event " << event;
            }
        }
    }

    decltype(random_walk<Model>::covered) covered{};
    int thrown = 0;
    int repeated = 0;
};

using CheckoutProperties = MachineProperties<models::checkout_model>;
using KettleProperties = MachineProperties<models::kettle_model>;

TEST_F(CheckoutProperties, BehavesAsItsModelWhateverHappens) {
    expect_all_covered();
    EXPECT_GT(repeated, steps / 100);
}

TEST_F(KettleProperties, BehavesAsItsModelWhateverHappens) {
    expect_all_covered();
    EXPECT_GT(repeated, steps / 100);
    EXPECT_GT(thrown, steps / 100);
}

}  // namespace
}  // namespace cloakroom
