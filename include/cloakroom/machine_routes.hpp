// SPDX-License-Identifier: MIT
// A state machine over HTTP: `app.machine<checkout>("/checkout")`. What its states and events are is
// the machine's business; a page of your own is written by hand, with machine.hpp.
#pragma once

#include <cloakroom/diagram.hpp>
#include <cloakroom/idempotent.hpp>
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

/// The JSON of an event that a request carries. Without content it is `{}`.
///
/// @throws http_error 415 for content of another type than JSON.
[[nodiscard]] std::string_view event_content(const request& req);

/// A machine's answer: `{"state":"paying","since":1764115200,"data":{…},"allowed":["cancel"]}`.
void answer_state(exchange& on, const machine_table& table, std::size_t state, session_time since,
                  std::string_view data);

/// The picture of a machine, with the current state lit.
enum class diagram_format { page, svg, mermaid, graphviz };
void answer_diagram(exchange& on, const machine_table& table, std::string_view current,
                    diagram_format format);

/// As read_event() does for each.
void read_content(const request& req, void* event,
                  void (*read)(json_text_reader& from, void* object));

/// Ends a request for an event that the machine has not got, or that no client may send.
[[noreturn]] void refuse_unknown_event(const machine_table& table, std::string_view event);

/// Where a machine's routes find it.
struct machine_address {
    std::size_t prefix_placeholders = 0;  ///< Of the whole path up to the machine.
    bool is_instance = false;             ///< The last of them is the instance's name.
};

/// Reads an event of a request's content.
///
/// @throws http_error 415 for another type than JSON, 400 for malformed JSON, 422 for what does not
///         fit, with the fields at fault.
template <class Event>
[[nodiscard]] Event read_event(const request& req) {
    Event event{};
    read_content(req, &event, &read_json_anew<Event>);
    return event;
}

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
        routes_.use(std::move(object));
        return *this;
    }
    template <class Function>
    machine_routes& before(Function function) {
        routes_.before(std::move(function));
        return *this;
    }
    template <class Function>
    machine_routes& after(Function function) {
        routes_.after(std::move(function));
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
        return *events_[index];
    }

private:
    friend class router;
    using table = table_of<Machine>;
    using endpoint_function = endpoint::function;

    machine_routes(router routes, bool is_instance)
        : routes_(std::move(routes)), address_(std::make_shared<machine_address>()) {
        address_->prefix_placeholders = count_placeholders(routes_.prefix_);
        address_->is_instance = is_instance;
        add(method::get, "/", &show);
        add(method::get, "/diagram", &draw<diagram_format::page>);
        add(method::get, "/diagram.svg", &draw<diagram_format::svg>);
        add(method::get, "/diagram.mmd", &draw<diagram_format::mermaid>);
        add(method::get, "/diagram.dot", &draw<diagram_format::graphviz>);
        add_events(std::make_index_sequence<table::event_count>{});
    }

    route& add(method verb, std::string_view path, endpoint_function call) {
        needs needed;
        parameter<session>::declare(needed);
        return routes_.add_route(verb, path,
                                 address_->prefix_placeholders + count_placeholders(path),
                                 endpoint(call, address_, std::move(needed), false));
    }

    // A transition may run again: what it does beyond the session waits for the commit.
    template <std::size_t... Index>
    void add_events(std::index_sequence<Index...> /*indices*/) {
        constexpr std::array<endpoint_function, sizeof...(Index)> calls{event_function<Index>()...};
        for (std::size_t index = 0; index < calls.size(); ++index) {
            if (calls[index] != nullptr) {
                const std::string path = "/events/" + std::string{table::event_names[index]};
                events_[index] = &add(method::post, path, calls[index])
                                      .rerun_on_conflict()
                                      .use(idempotent({.best_effort = true}));
            }
        }
        add(method::post, "/events/{event}", &refuse);
    }

    template <std::size_t Index>
    [[nodiscard]] static constexpr endpoint_function event_function() noexcept {
        if constexpr ((table::internal_events() >> Index & 1U) != 0) {
            return nullptr;
        } else {
            return &give<Index>;
        }
    }

    // The endpoints.

    [[nodiscard]] [[gnu::noinline]] static machine<Machine>& machine_at(const void* address,
                                                                        exchange& on) {
        const auto& at = *static_cast<const machine_address*>(address);
        if (!at.is_instance) {
            return parameter<machine<Machine>>::from(on);
        }
        const std::string_view name = on.path_value(at.prefix_placeholders - 1);
        return parameter<machine_instances<Machine>>::from(on).at(name);
    }

    [[gnu::noinline]] static void answer(exchange& on, const machine<Machine>& with) {
        std::string data;
        with.visit([&](const auto& state) {
            json_codec<std::remove_cvref_t<decltype(state)>>::encode(data, state);
        });
        answer_state(on, machine<Machine>::description(), with.state().index(), with.since(), data);
    }

    static void show(const void* address, exchange& on) { answer(on, machine_at(address, on)); }

    template <diagram_format Format>
    static void draw(const void* address, exchange& on) {
        answer_diagram(on, machine<Machine>::description(), machine_at(address, on).state_name(),
                       Format);
    }

    template <std::size_t Index>
    static void give(const void* address, exchange& on) {
        const auto event = read_event<typename table::template event_type<Index>>(on.request());
        machine<Machine>& to = machine_at(address, on);
        to.apply(event);
        answer(on, to);
    }

    static void refuse(const void* address, exchange& on) {
        const auto& at = *static_cast<const machine_address*>(address);
        refuse_unknown_event(machine<Machine>::description(),
                             on.path_value(at.prefix_placeholders));
    }

    router routes_;
    std::shared_ptr<machine_address> address_;
    std::array<route*, table::event_count> events_{};
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
