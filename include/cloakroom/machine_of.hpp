// SPDX-License-Identifier: MIT
// What a state machine is written with: its states, its events, what a transition may answer. How
// one is kept in a session and given events is machine.hpp's.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>

namespace cloakroom {

/// The base of a state machine. The first state is where it begins.
///
///     struct checkout : cloakroom::machine_of<browsing, paying, paid> {
///         using events = cloakroom::events<add_line, check_out, confirm>;
///         static browsing apply(const browsing&, const add_line&);
///         static paying apply(const browsing&, const check_out&);
///         static paid apply(const paying&, const confirm&);
///     };
///
/// Each overload of `apply` is a transition from the state that it takes, on the event that it
/// takes, to the state that it returns; a state that none takes is final. It may return
/// - a state;
/// - `std::optional` of a state, empty when the event is refused now: a guard;
/// - `std::variant` of states, `refused` among them if need be: a choice.
///
/// A template does for several states: `template <class State> static cancelled apply(const
/// State&, const cancel&)`, constrained where not all states are meant. An overload that returns
/// `refused` alone is no transition; it says why an event is not possible in a state.
///
/// Besides `events` a machine may have
/// - `static void on_entry(State&)` and `static void on_exit(const State&)`, which run when a
///   transition enters or leaves a state, not when it stays in it; both may take the `session&` as
///   second parameter, for after_commit() and flash();
/// - `static constexpr auto timeouts = cloakroom::timeouts(...)`;
/// - `using internal_events = cloakroom::events<...>`, which no client may send: those of timeouts,
///   and what the program learns from elsewhere, such as that a payment has been made;
/// - `static constexpr unsigned version` and `static stored_state migrate(stored_state, unsigned
///   from)`, for what was stored by an older program.
///
/// States and events are structs that name their members with `fields` (fields.hpp), empty structs,
/// or what nlohmann_json converts where json.hpp is included. On the outside they have the name of
/// their type without its namespace, or a member `static constexpr std::string_view name`. A machine
/// that does not fit together stops the compiler with a sentence.
///
/// `apply`, `on_entry` and `on_exit` may run more than once for one event, as handlers do: effects
/// beyond the state belong in session::after_commit(). What they throw is the handler's exception,
/// and nothing has changed.
template <class... States>
struct machine_of {
    static_assert(sizeof...(States) != 0, "cloakroom: a machine has at least one state");
    using state_type = std::variant<States...>;
};

/// The events of a machine.
template <class... Events>
struct events {};

/// What an `apply` returns for an event that is not possible now.
struct refused {
    std::string reason;  ///< A sentence for the client.
};

/// A state that has lasted for `after` ends by the event, which is made by default. Made by
/// timeout<State, Event>(after).
template <class State, class Event>
struct state_timeout {
    std::chrono::seconds after;
};

/// One timeout, for timeouts().
template <class State, class Event>
[[nodiscard]] constexpr state_timeout<State, Event> timeout(std::chrono::seconds after) {
    return {after};
}

/// The timeouts of a machine:
///
///     static constexpr auto timeouts =
///         cloakroom::timeouts(cloakroom::timeout<paying, give_up>(std::chrono::minutes{15}));
///
/// A timeout counts from when the state was entered. It is looked for when the machine is loaded,
/// and then the event counts as of the moment when the time was over.
template <class... Each>
[[nodiscard]] constexpr std::tuple<Each...> timeouts(Each... each) {
    return {each...};
}

/// What an older program stored, for `migrate`.
struct stored_state {
    std::string name;  ///< Of the state.
    std::string data;  ///< Its JSON text.
};

/// The name of a type on the outside: its member `name`, else as C++ writes it, without namespaces.
template <class T>
[[nodiscard]] constexpr std::string_view outside_name() noexcept {
    if constexpr (requires { std::string_view{T::name}; }) {
        return T::name;
    } else {
        std::string_view name = __PRETTY_FUNCTION__;
        name.remove_prefix(name.find("T = ") + 4);
        name = name.substr(0, name.find_first_of(";]"));
        return name.substr(name.rfind(':') + 1);
    }
}

}  // namespace cloakroom
