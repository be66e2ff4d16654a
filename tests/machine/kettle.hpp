// SPDX-License-Identifier: MIT
// A machine with all that a machine may have: choices, guards, templates, what runs on entering and
// leaving, timeouts one after the other and in a circle. Any of these fails when the session's key
// "fault" names it, or the event says so.
#pragma once

#include <cloakroom/fields.hpp>
#include <cloakroom/machine.hpp>

#include <chrono>
#include <concepts>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

namespace kettle_test {

struct cold {
    int fillings = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("fillings", &cold::fillings));
    friend bool operator==(const cold&, const cold&) = default;
};

struct warm {
    int heat = 0;
    std::string note;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("heat", &warm::heat),
                                                     cloakroom::field("note", &warm::note));
    friend bool operator==(const warm&, const warm&) = default;
};

struct hot {
    int heat = 0;
    int entered = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("heat", &hot::heat),
                                                     cloakroom::field("entered", &hot::entered));
    friend bool operator==(const hot&, const hot&) = default;
};

struct dented {
    int reminders = 0;
    static constexpr auto fields =
        cloakroom::fields(cloakroom::field("reminders", &dented::reminders));
    friend bool operator==(const dented&, const dented&) = default;
};

// A lamp that goes on and off.
struct lit {
    friend bool operator==(const lit&, const lit&) = default;
};
struct dark {
    friend bool operator==(const dark&, const dark&) = default;
};

struct scrapped {
    static constexpr std::string_view name = "on-the-heap";
    friend bool operator==(const scrapped&, const scrapped&) = default;
};

struct heat {
    int by = 0;
    std::string note;
    bool fails = false;
};
struct fill {};
struct hit {
    int force = 0;
};
struct lamp {};
struct scrap {};
struct cool {};
struct blink {};
struct remind {};

inline void fail_if(cloakroom::session& visitor, std::string_view place) {
    if (visitor.value("fault", "") == place) {
        throw std::runtime_error(std::string{place});
    }
}
inline void count(cloakroom::session& visitor, std::string_view key) {
    visitor.set(key, visitor.value(key, 0) + 1);
}

template <class State>
concept with_lamp = std::same_as<State, lit> || std::same_as<State, dark>;

struct kettle : cloakroom::machine_of<cold, warm, hot, dented, lit, dark, scrapped> {
    using events = cloakroom::events<heat, fill, hit, lamp, scrap, cool, blink, remind>;
    using internal_events = cloakroom::events<cool, blink, remind>;
    // Out of order, and two of one state: the one that is due first goes first.
    static constexpr auto timeouts =
        cloakroom::timeouts(cloakroom::timeout<warm, cool>(std::chrono::seconds{20}),
                            cloakroom::timeout<hot, scrap>(std::chrono::seconds{15}),
                            cloakroom::timeout<hot, cool>(std::chrono::seconds{10}),
                            cloakroom::timeout<lit, blink>(std::chrono::seconds{3}),
                            cloakroom::timeout<dark, blink>(std::chrono::seconds{2}),
                            cloakroom::timeout<dented, remind>(std::chrono::seconds{30}));
    static constexpr unsigned version = 3;

    static std::optional<warm> apply(const cold& /*from*/, const heat& event) {
        fail_if_asked(event);
        if (event.by < 1) {
            return std::nullopt;
        }
        return warm{event.by, event.note};
    }
    static std::variant<hot, warm, cloakroom::refused> apply(warm from, const heat& event) {
        fail_if_asked(event);
        if (event.by < 1) {
            return cloakroom::refused{"It only gets warmer."};
        }
        from.heat += event.by;
        if (from.heat >= 10) {
            return hot{from.heat, 0};
        }
        from.note = event.note;
        return from;
    }
    static cold apply(const cold& from, const fill& /*event*/) {
        return {(from.fillings + 1) % 1000};
    }
    static cloakroom::refused apply(const hot& /*from*/, const fill& /*event*/) {
        return {"That would hiss."};
    }
    static std::optional<std::variant<dented, scrapped>> apply(const hot& /*from*/,
                                                               const hit& event) {
        if (event.force < 3) {
            return std::nullopt;
        }
        if (event.force < 9) {
            return dented{};
        }
        return scrapped{};
    }
    static lit apply(const cold& /*from*/, const lamp& /*event*/) { return {}; }
    template <with_lamp State>
    static cold apply(const State& /*from*/, const lamp& /*event*/) {
        return {};
    }
    template <class State>
        requires(!std::same_as<State, scrapped>)
    static scrapped apply(const State& /*from*/, const scrap& /*event*/) { return {}; }

    static warm apply(const hot& from, const cool& /*event*/) { return {from.heat / 2, "cooled"}; }
    static cold apply(const warm& /*from*/, const cool& /*event*/) { return {}; }
    static dark apply(const lit& /*from*/, const blink& /*event*/) { return {}; }
    static lit apply(const dark& /*from*/, const blink& /*event*/) { return {}; }
    static std::optional<dented> apply(const dented& from, const remind& /*event*/) {
        if (from.reminders == 2) {
            return std::nullopt;  // gives up
        }
        return dented{from.reminders + 1};
    }

    static void on_entry(hot& state) { ++state.entered; }
    static void on_entry(warm& /*state*/, cloakroom::session& visitor) {
        fail_if(visitor, "entry");
        count(visitor, "warmings");
    }
    static void on_exit(const cold& /*state*/, cloakroom::session& visitor) {
        fail_if(visitor, "exit");
        count(visitor, "exits");
    }

private:
    static void fail_if_asked(const heat& event) {
        if (event.fails) {
            throw std::runtime_error("apply");
        }
    }
};

}  // namespace kettle_test
