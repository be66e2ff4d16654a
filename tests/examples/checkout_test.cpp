// SPDX-License-Identifier: MIT
// The machine of examples/shop, without HTTP.
#include "shop/checkout.hpp"

#include <cloakroom/diagram.hpp>
#include <cloakroom/json_fields.hpp>
#include <cloakroom/machine.hpp>
#include <cloakroom/session.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace {

using cloakroom::machine;
using namespace shop;

constexpr cloakroom::session_time now{std::chrono::seconds{1'700'000'000}};

// A visitor with a hat and an umbrella, at €83.50.
void fill_and_check_out(machine<checkout>& purchase) {
    purchase.apply(add_line{"hat"});
    purchase.apply(add_line{"umbrella"});
    purchase.apply(check_out{});
}

TEST(Checkout, TakesTheSumOnlyThatTheVisitorHasSeen) {
    cloakroom::session visitor;
    machine<checkout> purchase(visitor, now);
    fill_and_check_out(purchase);

    EXPECT_FALSE(purchase.try_apply(pay{5450, "works"}));
    EXPECT_TRUE(purchase.is<paying>());
    EXPECT_TRUE(purchase.try_apply(pay{8350, "works"}));
    EXPECT_TRUE(purchase.is<charging>());
}

TEST(Checkout, KeepsTheKeyWhileTheCartIsTheSame) {
    cloakroom::session visitor;
    machine<checkout> purchase(visitor, now);
    fill_and_check_out(purchase);
    const std::string key = purchase.get_if<paying>()->order.key();

    purchase.apply(back{});
    purchase.apply(add_line{"ticket"});
    purchase.apply(check_out{});

    EXPECT_EQ(purchase.get_if<paying>()->order.key(), key);
}

TEST(Checkout, HasAnotherKeyOnceTheLastOneWasDeclined) {
    cloakroom::session visitor;
    machine<checkout> purchase(visitor, now);
    fill_and_check_out(purchase);
    const std::string key = purchase.get_if<paying>()->order.key();
    purchase.apply(pay{8350, "declined"});

    purchase.apply(decline{"No."}, "event-1");
    EXPECT_FALSE(purchase.apply(decline{"No."}, "event-1"));  // told twice

    ASSERT_TRUE(purchase.is<paying>());
    EXPECT_EQ(purchase.get_if<paying>()->order.id, key.substr(0, key.find('.')));
    EXPECT_EQ(purchase.get_if<paying>()->order.attempt, 2);
}

TEST(Checkout, LeavesChargingOnlyByWhatThePaymentServiceSays) {
    cloakroom::session visitor;
    machine<checkout> purchase(visitor, now);
    fill_and_check_out(purchase);
    purchase.apply(pay{8350, "works"});

    EXPECT_TRUE(purchase.allowed().empty());
    EXPECT_TRUE((machine<checkout>(visitor, now + std::chrono::hours{24 * 365}).is<charging>()));
}

TEST(Checkout, IsACartAgainAfterAQuarterOfAnHour) {
    cloakroom::session visitor;
    machine<checkout> purchase(visitor, now);
    fill_and_check_out(purchase);

    const auto limit = now + std::chrono::minutes{15};
    EXPECT_TRUE((machine<checkout>(visitor, limit - std::chrono::seconds{1}).is<paying>()));
    EXPECT_TRUE((machine<checkout>(visitor, limit).is<browsing>()));
}

TEST(Checkout, SellsWhatItHas) {
    cloakroom::session visitor;
    machine<checkout> purchase(visitor, now);

    EXPECT_FALSE(purchase.try_apply(check_out{}));
    EXPECT_FALSE(purchase.try_apply(add_line{"horse"}));
    for (int count = 0; count < order::max_quantity; ++count) {
        EXPECT_TRUE(purchase.try_apply(add_line{"hat"}));
    }
    EXPECT_FALSE(purchase.try_apply(add_line{"hat"}));
}

TEST(Checkout, IsDrawnInTheDocs) {
    std::ifstream file(CLOAKROOM_STATE_MACHINES_PAGE);
    const std::string page{std::istreambuf_iterator<char>(file), {}};

    EXPECT_NE(page.find("```mermaid\n" + cloakroom::diagram<checkout>().mermaid() + "```\n"),
              std::string::npos)
        << cloakroom::diagram<checkout>().mermaid();
}

}  // namespace
