// SPDX-License-Identifier: MIT
// A state machine over HTTP: `app.machine<checkout>("/checkout")`. What its states and events are is
// the machine's business; a page of your own is written by hand, with machine.hpp.
#pragma once

#include <cloakroom/json_fields.hpp>
#include <cloakroom/machine.hpp>
#include <cloakroom/router.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace cloakroom {

/// Reads an event's content, which is JSON; without any it is `{}`.
///
/// @throws http_error 415 for another type than JSON, 400 for malformed JSON, 422 for what does not
///         fit, with the fields at fault.
void read_content(const request& req, void* event,
                  void (*read)(json_text_reader& from, void* object));

/// Reads an event of a request, and gives it.
using event_function = void (*)(const request& req, std::size_t event, machine_base& to);
template <class Event>
void give_content(const request& req, std::size_t event, machine_base& to) {
    Event sent{};
    read_content(req, &sent, &read_json_anew<Event>);
    to.apply_event(event, &sent, {});
}

/// A machine as its endpoints know it.
struct mounted_machine {
    const machine_table* table = nullptr;
    machine_base& (*find)(const mounted_machine& at, exchange& on) = nullptr;
    std::size_t prefix_placeholders = 0;  ///< Of the whole path up to the machine.
    bool is_instance = false;             ///< The last of them is the instance's name.
};

/// The routes of a machine, without its types: compiled once for all.
class machine_mount {
public:
    /// @param functions  For each event.
    machine_mount(router routes, const mounted_machine& at, const event_function* functions);

    [[nodiscard]] router& routes() noexcept { return routes_; }
    /// REQUIRES: it is not internal.
    [[nodiscard]] route& event(std::size_t index) const { return *events_[index]; }

private:
    route& add(method verb, std::string_view path, endpoint::function call,
               std::shared_ptr<const void> target);

    router routes_;
    mounted_machine at_;
    std::vector<route*> events_;
};

/// The routes of one machine; what router::machine() returns, to be adjusted at once.
///
/// An event with an Idempotency-Key counts once, as idempotent() says; on a store that cannot compare
/// and swap, as far as idempotent_options::best_effort goes. Middleware of the machine lies before
/// that, so that a repetition is authorised anew; middleware of one event behind it.
///
///     app.machine<checkout>("/checkout")
///         .before(&must_be_logged_in)                        // for all of its routes
///         .event<refund>().before(&must_be_a_clerk);         // for one event
template <class Machine>
class machine_routes {
public:
    /// Middleware for all routes of the machine, as router's own.
    template <class Object>
    machine_routes& use(Object object) {
        mount_.routes().use(std::move(object));
        return *this;
    }
    template <class Function>
    machine_routes& before(Function function) {
        mount_.routes().before(std::move(function));
        return *this;
    }
    template <class Function>
    machine_routes& after(Function function) {
        mount_.routes().after(std::move(function));
        return *this;
    }

    /// The route of one event, for what is particular to it.
    template <class Event>
    [[nodiscard]] route& event() const {
        constexpr std::size_t index = table::template index_of_event<Event>;
        static_assert(index != table::event_count,
                      "cloakroom: this is none of the machine's events");
        static_assert((table::internal_events() >> index % 64U & 1U) == 0,
                      "cloakroom: an internal event has no route: no client may send it");
        return mount_.event(index);
    }

private:
    friend class router;
    using table = table_of<Machine>;

    machine_routes(router routes, bool is_instance)
        : mount_(std::move(routes), {&machine<Machine>::description(), &find, 0, is_instance},
                 give.data()) {}

    [[nodiscard]] static machine_base& find(const mounted_machine& at, exchange& on) {
        if (!at.is_instance) {
            return parameter<machine<Machine>>::from(on);
        }
        const std::string_view name = on.path_value(at.prefix_placeholders - 1);
        return parameter<machine_instances<Machine>>::from(on).at(name);
    }

    template <std::size_t... Index>
    [[nodiscard]] static constexpr auto make_give(std::index_sequence<Index...> /*all*/) noexcept {
        return std::array<event_function, sizeof...(Index)>{
            &give_content<stored_as<typename table::template event_type<Index>>>...};
    }
    static constexpr auto give = make_give(std::make_index_sequence<table::event_count>{});

    machine_mount mount_;
};

template <class Machine>
    requires(!state_machine<Machine>)
class machine_routes<Machine> {
    static_assert(state_machine<Machine>,
                  "cloakroom: this is no state machine: derive it from machine_of<States...>, and "
                  "give it `using events = cloakroom::events<...>` (machine_of.hpp)");
};

template <class Machine>
machine_routes<Machine> router::machine(std::string_view prefix) {
    if constexpr (state_machine<Machine>) {
        return {router(*table_, nested_prefix(prefix), new_scope()),
                count_placeholders(prefix) != 0};
    } else {
        return {};
    }
}

}  // namespace cloakroom
