// SPDX-License-Identifier: MIT
// State machines as handlers use them: `machine<checkout>&` is the one of the visitor's session,
// `machine_instances<checkout>&` are several. How a machine is written: machine_of.hpp.
#pragma once

#include <cloakroom/json_fields.hpp>
#include <cloakroom/machine_base.hpp>
#include <cloakroom/machine_checks.hpp>
#include <cloakroom/parameter.hpp>
#include <cloakroom/transition_table.hpp>

#include <array>
#include <cstddef>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace cloakroom {

/// Machines whose `on_entry` or `on_exit` takes that state, with the session or without.
template <class Machine, class State>
concept enters_with_session = requires(State& state, session& visitor) {
    Machine::on_entry(state, visitor);
};
template <class Machine, class State>
concept enters_alone = requires(State& state) {
    Machine::on_entry(state);
};
template <class Machine, class State>
concept exits_with_session = requires(const State& state, session& visitor) {
    Machine::on_exit(state, visitor);
};
template <class Machine, class State>
concept exits_alone = requires(const State& state) {
    Machine::on_exit(state);
};

/// Types that are kept in a session as JSON.
template <class State>
concept is_stored_state = requires {
    sizeof(json_codec<State>);
};

/// Stands for all states and events without data: the functions of one type do for them all. Such a
/// type has nothing to construct, destroy or read. Source: C++20 [intro.object], "implicit-lifetime".
struct no_data {};
template <class T>
using stored_as = std::conditional_t<json_empty<T> && std::is_trivial_v<T>, no_data, T>;

/// The functions of one state's data.
template <class State>
struct typed_data {
    static void make(void* room) { ::new (room) State{}; }
    static void move(void* room, void* from) {
        ::new (room) State(std::move(*static_cast<State*>(from)));
    }
    static void destroy(void* state) noexcept { static_cast<State*>(state)->~State(); }
    static void encode(std::string& into, const void* state) {
        json_codec<State>::encode(into, *static_cast<const State*>(state));
    }
    static bool decode(std::string_view text, void* state) {
        return json_codec<State>::decode(text, *static_cast<State*>(state));
    }
};

/// The functions of one state.
template <class Machine, class State>
struct typed_state {
    static void enter(void* state, session& visitor) {
        if constexpr (enters_with_session<Machine, State>) {
            Machine::on_entry(*static_cast<State*>(state), visitor);
        } else if constexpr (enters_alone<Machine, State>) {
            Machine::on_entry(*static_cast<State*>(state));
        }
    }
    static void leave(const void* state, session& visitor) {
        if constexpr (exits_with_session<Machine, State>) {
            Machine::on_exit(*static_cast<const State*>(state), visitor);
        } else if constexpr (exits_alone<Machine, State>) {
            Machine::on_exit(*static_cast<const State*>(state));
        }
    }

    [[nodiscard]] static constexpr state_functions functions() noexcept {
        using data = typed_data<stored_as<State>>;
        state_functions made{&data::make,   &data::move, nullptr, &data::encode,
                             &data::decode, nullptr,     nullptr};
        if constexpr (!std::is_trivially_destructible_v<State>) {
            made.destroy = &data::destroy;
        }
        if constexpr (enters_with_session<Machine, State> || enters_alone<Machine, State>) {
            made.enter = &enter;
        }
        if constexpr (exits_with_session<Machine, State> || exits_alone<Machine, State>) {
            made.leave = &leave;
        }
        return made;
    }
};

/// The functions of one machine.
template <class Machine>
class typed_functions {
    using table = table_of<Machine>;

    // What `apply` gave: a state, or what may hold one.

    template <class To>
    static void take(machine_base& flow, To& to, const event_occasion& when,
                     event_outcome& outcome) {
        flow.take(table::template index_of_state<To>, &to, when, outcome);
    }

    template <class Of>
    static void take(machine_base& flow, std::optional<Of>& result, const event_occasion& when,
                     event_outcome& outcome) {
        if (result) {
            take(flow, *result, when, outcome);
        } else {
            outcome.what = event_outcome::kind::refused;
        }
    }

    template <class... Each>
    static void take(machine_base& flow, std::variant<Each...>& result, const event_occasion& when,
                     event_outcome& outcome) {
        const auto take_if = [&](auto* held) {
            return held != nullptr && (take(flow, *held, when, outcome), true);
        };
        static_cast<void>((take_if(std::get_if<Each>(&result)) || ...));
    }

    static void take(machine_base& /*flow*/, refused& result, const event_occasion& /*when*/,
                     event_outcome& outcome) {
        outcome = {event_outcome::kind::refused, std::move(result.reason)};
    }

    template <class State, class Event>
    static void run(machine_base& flow, const void* from, const void* event,
                    const event_occasion& when, event_outcome& outcome) {
        auto result =
            Machine::apply(*static_cast<const State*>(from), *static_cast<const Event*>(event));
        take(flow, result, when, outcome);
    }

    template <std::size_t Number>
    [[nodiscard]] static constexpr transition_function transition() noexcept {
        constexpr std::size_t cell = table::answered_cells[Number];
        return &run<typename table::template state_type<cell / table::event_count>,
                    typename table::template event_type<cell % table::event_count>>;
    }

    template <std::size_t Index>
    [[nodiscard]] static event_outcome fire(machine_base& flow, const event_occasion& when) {
        constexpr std::size_t event = table::timeouts[Index].event;
        const typename table::template event_type<event> made{};
        return flow.step(event, &made, when);
    }

    template <std::size_t... State>
    [[nodiscard]] static constexpr auto make_states(
        std::index_sequence<State...> /*all*/) noexcept {
        return std::array{
            typed_state<Machine, typename table::template state_type<State>>::functions()...};
    }
    template <std::size_t... Number>
    [[nodiscard]] static constexpr auto make_transitions(
        std::index_sequence<Number...> /*all*/) noexcept {
        return std::array<transition_function, sizeof...(Number)>{transition<Number>()...};
    }
    template <std::size_t... Index>
    [[nodiscard]] static constexpr auto make_timeouts(
        std::index_sequence<Index...> /*all*/) noexcept {
        return std::array<timeout_function, sizeof...(Index)>{&fire<Index>...};
    }

    [[nodiscard]] static constexpr unsigned version() noexcept {
        if constexpr (requires { unsigned{Machine::version}; }) {
            return Machine::version;
        } else {
            return 0;
        }
    }

    using migration = stored_state (*)(stored_state older, unsigned from);
    [[nodiscard]] static constexpr migration migrate() noexcept {
        if constexpr (requires { &Machine::migrate; }) {
            return [](stored_state older, unsigned from) -> stored_state {
                return Machine::migrate(std::move(older), from);
            };
        } else {
            return nullptr;
        }
    }

    static constexpr auto states = make_states(std::make_index_sequence<table::state_count>{});
    static constexpr auto transitions =
        make_transitions(std::make_index_sequence<table::answered_count>{});
    static constexpr auto timeouts =
        make_timeouts(std::make_index_sequence<table::timeouts.size()>{});

public:
    static constexpr machine_functions all{states.data(), transitions.data(), timeouts.data(),
                                           version(), migrate()};
};

/// A state machine of the visitor's session. Handlers take it as `machine<checkout>&`, or as `const
/// machine<checkout>&` to read only. Each event is stored in the session at once, and so committed
/// with whatever else the handler changes, or not at all: see session. Nothing is stored before the
/// first event.
///
/// When two requests give events at the same time, one is committed; the other runs again on the new
/// state, where its route may run again (route::rerun_on_conflict()), else it is 409.
///
/// Valid until the handler has ended. Used by one thread at a time.
template <state_machine Machine>
class machine : public machine_base {
    using table = table_of<Machine>;
    template <class... States>
    [[nodiscard]] static constexpr bool are_stored(const std::variant<States...>* /*type*/) {
        return (is_stored_state<States> && ...);
    }
    static constexpr bool fits =
        table::fits() && are_stored(static_cast<const typename Machine::state_type*>(nullptr));

public:
    /// `std::variant` of the states.
    using state_type = typename Machine::state_type;

    /// The machine as it is in the session, once timeouts that are over have fired.
    ///
    /// @param visitor   Outlives this.
    /// @param instance  Which of several machines of that kind; see machine_instances.
    /// @throws machine_mismatch, http_error 404 for the name of an instance that cannot be, 503 for
    ///         what a newer program has stored; what `migrate`, and `apply` for a timeout, throw.
    machine(session& visitor, session_time now, std::string_view instance = {})
        : machine_base(visitor, description(), functions(), &room_, now, instance) {
        begin();
    }
    ~machine() { destroy_state(); }
    machine(const machine&) = delete;
    machine& operator=(const machine&) = delete;

    /// A copy of the state. To look at it, visit() and get_if() are cheaper.
    [[nodiscard]] state_type state() const {
        return visit([](const auto& state) { return state_type(state); });
    }

    /// Calls `visitor` with the state; for each it returns the same type.
    template <class Visitor>
    decltype(auto) visit(Visitor&& visitor) const {
        return visit_from<0>(visitor);
    }

    template <class State>
    [[nodiscard]] bool is() const noexcept {
        return state_index() == table::template index_of_state<State>;
    }

    /// The state's data; null in another state. Valid until the next event.
    template <class State>
    [[nodiscard]] const State* get_if() const noexcept {
        return is<State>() ? state_at<State>() : nullptr;
    }

    /// Whether the state takes the event; a guard may refuse it all the same.
    template <class Event>
    [[nodiscard]] bool allows() const noexcept {
        return table::cell(state_index(), index_of<Event>()).targets != 0;
    }

    /// Gives it an event.
    ///
    /// @param id  What the event is known by, such as the number that a payment service gave its
    ///            message; one of an id that has counted does not count again. Empty: it counts. At
    ///            most machine_record::max_event_id_bytes bytes; the last max_event_ids are known.
    /// @return False when it has counted before.
    /// @throws event_refused 409 when it is not possible; nothing has changed. http_error 400 for
    ///         another id. What `apply`, `on_entry` and `on_exit` throw; nothing has changed.
    template <class Event>
    bool apply(const Event& event, std::string_view id = {}) {
        return apply_event(checked_index<Event>(), &event, id);
    }

    /// The same, but says what became of it instead of throwing event_refused.
    template <class Event>
    [[nodiscard]] event_outcome try_apply(const Event& event, std::string_view id = {}) {
        return try_event(checked_index<Event>(), &event, id);
    }

    /// The machine without its types.
    [[nodiscard]] static const machine_table& description() noexcept {
        static constexpr machine_table described = table::table();
        return described;
    }

private:
    template <class... States>
    static void explain(const std::variant<States...>* /*type*/) {
        if constexpr (table::fits()) {
            static_cast<void>((sizeof(stored_check<States, is_stored_state<States>>) + ...));
        } else {
            table::explain();
        }
    }

    template <class Event>
    [[nodiscard]] static constexpr std::size_t index_of() noexcept {
        constexpr std::size_t index = table::template index_of_event<Event>;
        static_assert(index != table::event_count,
                      "cloakroom: this is none of the machine's events");
        return index;
    }

    template <class Event>
    [[nodiscard]] static std::size_t checked_index() {
        if constexpr (!fits) {
            explain(static_cast<const state_type*>(nullptr));
        }
        return index_of<Event>();
    }

    template <class State>
    [[nodiscard]] const State* state_at() const noexcept {
        return std::launder(reinterpret_cast<const State*>(&room_));
    }

    template <std::size_t Index, class Visitor>
    decltype(auto) visit_from(Visitor& visitor) const {
        const auto& state = *state_at<typename table::template state_type<Index>>();
        if constexpr (Index + 1 == table::state_count) {
            return visitor(state);
        } else {
            return state_index() == Index ? visitor(state) : visit_from<Index + 1>(visitor);
        }
    }

    // The tables.

    [[nodiscard]] static const machine_functions& functions() {
        if constexpr (fits) {
            return typed_functions<Machine>::all;
        } else {
            explain(static_cast<const state_type*>(nullptr));
            std::terminate();  // not reached: it does not compile
        }
    }

    typename table::room_type room_;
};

/// Several machines of one kind in a session, each with a name: one for each tab, order or document.
/// Handlers take it as `machine_instances<checkout>&`.
///
/// Events of different instances do not conflict; that one is the first of its instance conflicts
/// with other firsts.
template <state_machine Machine>
class machine_instances {
public:
    machine_instances(session& visitor, session_time now) : visitor_(&visitor), now_(now) {}
    machine_instances(const machine_instances&) = delete;
    machine_instances& operator=(const machine_instances&) = delete;

    /// The instance of that name, which need not have begun. Valid as long as this.
    ///
    /// @throws As machine's constructor.
    [[nodiscard]] machine<Machine>& at(std::string_view name) {
        for (instance* each = opened_.get(); each != nullptr; each = each->next.get()) {
            if (each->name == name) {
                return each->opened;
            }
        }
        opened_.reset(new instance(*visitor_, now_, name, opened_));
        return opened_->opened;
    }

    /// The names of those that have begun, in that order; at most machine_record::max_instances.
    [[nodiscard]] std::vector<std::string> names() const {
        return machine_record::instances(*visitor_, machine<Machine>::description());
    }

private:
    // A list by hand takes the compiler less than a container.
    struct instance {
        instance(session& visitor, session_time now, std::string_view named,
                 std::unique_ptr<instance>& rest)
            : name(named), opened(visitor, now, named), next(std::move(rest)) {}
        std::string name;
        machine<Machine> opened;
        std::unique_ptr<instance> next;
    };

    session* visitor_;
    session_time now_;
    std::unique_ptr<instance> opened_;
};

template <state_machine Machine>
struct parameter<machine<Machine>> {
    static constexpr bool is_kept = true;
    static machine<Machine>& from(exchange& on) {
        return on.keep<machine<Machine>>(on.session(), on.now());
    }
    static void declare(needs& needed) { parameter<session>::declare(needed); }
};

template <state_machine Machine>
struct parameter<machine_instances<Machine>> {
    static constexpr bool is_kept = true;
    static machine_instances<Machine>& from(exchange& on) {
        return on.keep<machine_instances<Machine>>(on.session(), on.now());
    }
    static void declare(needs& needed) { parameter<session>::declare(needed); }
};

}  // namespace cloakroom
