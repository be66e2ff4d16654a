// SPDX-License-Identifier: MIT
// The machines of the tests once more, written by hand as switches: what cloakroom::machine is
// compared with. They share no code with it.
#pragma once

#include "checkout.hpp"
#include "kettle.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cloakroom::models {

enum class outcome { applied, repeated, refused, not_allowed };

/// Below `end`.
inline int any_below(std::mt19937& random, int end) {
    return static_cast<int>(random() % static_cast<unsigned>(end));
}

/// What all machines have: a time, and the ids of the last 16 events.
struct common_model {
    int state = 0;
    long since = 0;
    std::deque<std::string> ids;

    template <class Model, class Event>
    static outcome give(Model& model, const Event& event, long now, const std::string& id) {
        if (!id.empty() && std::find(model.ids.begin(), model.ids.end(), id) != model.ids.end()) {
            return outcome::repeated;
        }
        const int before = model.state;
        const outcome result = model.take(event);
        if (result == outcome::applied) {
            model.settle(before, now, false);
            if (!id.empty()) {
                model.ids.push_back(id);
                if (model.ids.size() > 16) {
                    model.ids.pop_front();
                }
            }
        }
        return result;
    }

    void settle(int before, long now, bool is_timeout) {
        if (before != state || since == 0 || is_timeout) {
            since = now;
        }
    }
};

struct checkout_model : common_model {
    using machine_type = checkout_test::checkout;
    using any_event_type =
        std::variant<checkout_test::add_line, checkout_test::check_out, checkout_test::confirm,
                     checkout_test::decline, checkout_test::cancel, checkout_test::give_up>;
    static constexpr std::size_t states = 4;
    static constexpr std::size_t max_bytes = 2'400;
    enum { browsing, paying, paid, cancelled };

    std::vector<checkout_test::line> lines;
    int attempts = 0;
    std::string receipt;

    static any_event_type any_event(std::mt19937& random, const std::string& text) {
        switch (any_below(random, 6)) {
            case 0:
                return checkout_test::add_line{text, any_below(random, 3)};
            case 1:
                return checkout_test::check_out{};
            case 2:
                return checkout_test::confirm{text};
            case 3:
                return checkout_test::decline{};
            case 4:
                return checkout_test::cancel{};
            default:
                return checkout_test::give_up{};
        }
    }

    outcome take(const checkout_test::add_line& event) {
        if (state != browsing) {
            return outcome::not_allowed;
        }
        if (event.quantity < 1) {
            return outcome::refused;
        }
        lines.push_back({event.sku, event.quantity});
        return outcome::applied;
    }
    outcome take(const checkout_test::check_out& /*event*/) {
        if (state != browsing) {
            return outcome::not_allowed;
        }
        if (lines.empty()) {
            return outcome::refused;
        }
        return go(paying);
    }
    outcome take(const checkout_test::confirm& event) {
        if (state != paying) {
            return outcome::not_allowed;
        }
        receipt = event.receipt;
        return go(paid);
    }
    outcome take(const checkout_test::decline& /*event*/) {
        if (state != paying) {
            return outcome::not_allowed;
        }
        return ++attempts < 3 ? outcome::applied : go(cancelled);
    }
    outcome take(const checkout_test::cancel& /*event*/) {
        switch (state) {
            case browsing:
            case paying:
                return go(cancelled);
            case paid:
                return outcome::refused;
            default:
                return outcome::not_allowed;
        }
    }
    outcome take(const checkout_test::give_up& /*event*/) {
        return state == paying ? go(browsing) : outcome::not_allowed;
    }

    void pass(long now) {
        if (state == paying && now - since >= 900) {
            since += 900;
            go(browsing);
        }
    }

    [[nodiscard]] bool is_like(const checkout_test::checkout::state_type& other) const {
        switch (state) {
            case browsing:
                return other == checkout_test::checkout::state_type(checkout_test::browsing{lines});
            case paying:
                return other ==
                       checkout_test::checkout::state_type(checkout_test::paying{lines, attempts});
            case paid:
                return other == checkout_test::checkout::state_type(checkout_test::paid{receipt});
            default:
                return other == checkout_test::checkout::state_type(checkout_test::cancelled{});
        }
    }
    [[nodiscard]] bool is_worn() const { return state >= paid || lines.size() > 8; }

private:
    outcome go(int to) {
        state = to;
        attempts = 0;
        return outcome::applied;
    }
};

struct kettle_model : common_model {
    using machine_type = kettle_test::kettle;
    using any_event_type = std::variant<kettle_test::heat, kettle_test::fill, kettle_test::hit,
                                        kettle_test::lamp, kettle_test::scrap, kettle_test::cool,
                                        kettle_test::blink, kettle_test::remind>;
    static constexpr std::size_t states = 7;
    static constexpr std::size_t max_bytes = 1'600;
    enum { cold, warm, hot, dented, lit, dark, scrapped };

    int fillings = 0;
    int degrees = 0;
    std::string note;
    int reminders = 0;
    int warmings = 0;
    int exits = 0;

    static any_event_type any_event(std::mt19937& random, const std::string& text) {
        switch (any_below(random, 9)) {
            case 0:
                return kettle_test::fill{};
            case 1:
                return kettle_test::hit{any_below(random, 10)};
            case 2:
                return kettle_test::lamp{};
            case 3:
                if (any_below(random, 4) == 0) {
                    return kettle_test::scrap{};
                }
                return kettle_test::cool{};
            case 4:
                return kettle_test::blink{};
            case 5:
                return kettle_test::remind{};
            default:
                return kettle_test::heat{any_below(random, 8), text, any_below(random, 10) == 0};
        }
    }

    [[nodiscard]] static bool fails_by_itself(const any_event_type& given) {
        const auto* const heating = std::get_if<kettle_test::heat>(&given);
        return heating != nullptr && heating->fails;
    }

    outcome take(const kettle_test::heat& event) {
        if (state != cold && state != warm) {
            return outcome::not_allowed;
        }
        if (event.by < 1) {
            return outcome::refused;
        }
        degrees = state == cold ? event.by : degrees + event.by;
        if (state == warm && degrees >= 10) {
            return go(hot);
        }
        note = event.note;
        return go(warm);
    }
    outcome take(const kettle_test::fill& /*event*/) {
        if (state == cold) {
            fillings = (fillings + 1) % 1000;
            return outcome::applied;
        }
        return state == hot ? outcome::refused : outcome::not_allowed;
    }
    outcome take(const kettle_test::hit& event) {
        if (state != hot) {
            return outcome::not_allowed;
        }
        if (event.force < 3) {
            return outcome::refused;
        }
        return go(event.force < 9 ? dented : scrapped);
    }
    outcome take(const kettle_test::lamp& /*event*/) {
        switch (state) {
            case cold:
                return go(lit);
            case lit:
            case dark:
                return go(cold);
            default:
                return outcome::not_allowed;
        }
    }
    outcome take(const kettle_test::scrap& /*event*/) {
        return state == scrapped ? outcome::not_allowed : go(scrapped);
    }
    outcome take(const kettle_test::cool& /*event*/) {
        if (state == hot) {
            degrees /= 2;
            note = "cooled";
            return go(warm);
        }
        return state == warm ? go(cold) : outcome::not_allowed;
    }
    outcome take(const kettle_test::blink& /*event*/) {
        if (state != lit && state != dark) {
            return outcome::not_allowed;
        }
        return go(state == lit ? dark : lit);
    }
    outcome take(const kettle_test::remind& /*event*/) {
        if (state != dented) {
            return outcome::not_allowed;
        }
        if (reminders == 2) {
            return outcome::refused;
        }
        ++reminders;
        return outcome::applied;
    }

    // At most 14 timeouts fire, and the 14th as of now.
    void pass(long now) {
        for (int fired = 1; fired <= 14 && since != 0; ++fired) {
            const long after = time_of_state();
            if (after == 0 || now - since < after) {
                return;
            }
            since = fired == 14 ? now : since + after;
            switch (state) {
                case hot:
                case warm:
                    take(kettle_test::cool{});
                    break;
                case lit:
                case dark:
                    take(kettle_test::blink{});
                    break;
                default:
                    take(kettle_test::remind{});
                    break;
            }
        }
    }

    [[nodiscard]] bool is_like(const kettle_test::kettle::state_type& other) const {
        return other == expected();
    }
    [[nodiscard]] bool is_worn() const { return state == scrapped; }

private:
    [[nodiscard]] long time_of_state() const {
        switch (state) {
            case hot:
                return 10;
            case warm:
                return 20;
            case lit:
                return 3;
            case dark:
                return 2;
            case dented:
                return reminders == 2 ? 0 : 30;
            default:
                return 0;
        }
    }

    [[nodiscard]] kettle_test::kettle::state_type expected() const {
        switch (state) {
            case cold:
                return kettle_test::cold{fillings};
            case warm:
                return kettle_test::warm{degrees, note};
            case hot:
                return kettle_test::hot{degrees, 1};
            case dented:
                return kettle_test::dented{reminders};
            case lit:
                return kettle_test::lit{};
            case dark:
                return kettle_test::dark{};
            default:
                return kettle_test::scrapped{};
        }
    }

    outcome go(int to) {
        if (to != state) {
            exits += state == cold ? 1 : 0;
            warmings += to == warm ? 1 : 0;
            fillings = 0;
            reminders = 0;
            state = to;
        }
        return outcome::applied;
    }
};

}  // namespace cloakroom::models
