// SPDX-License-Identifier: MIT
// The transitions of a machine, read off its overloads of `apply` while compiling, and the sentences
// that stop the compiler when they do not fit together. No machine's state is here.
#pragma once

#include <cloakroom/machine_of.hpp>

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace cloakroom {

/// What an event does in a state.
struct transition_cell {
    std::uint64_t targets = 0;    ///< A bit for each state that it may lead to; 0: not possible.
    bool is_answered = false;     ///< There is an `apply`, if only to say why not.
    bool is_conditional = false;  ///< It may be refused, or there is more than one target.
    bool is_understood = true;    ///< What `apply` returns is among the machine's states.
};

/// A timeout by its indices.
struct timeout_entry {
    std::size_t state;
    std::size_t event;
    std::chrono::seconds after;
};

/// A machine without its types. Refers to constants that live as long as the program.
struct machine_table {
    std::string_view name;
    std::span<const std::string_view> states;  ///< The first is where it begins.
    std::span<const std::string_view> events;
    std::span<const transition_cell> cells;  ///< Row by row, a row for each state.
    std::uint64_t internal_events;           ///< A bit for each.
    std::span<const timeout_entry> timeouts;

    [[nodiscard]] constexpr const transition_cell& cell(std::size_t state,
                                                        std::size_t event) const noexcept {
        return cells[state * events.size() + event];
    }
};

/// The index of a type in a list of types; the list's length when it is not there.
template <class T, class... List>
[[nodiscard]] constexpr std::size_t index_in() noexcept {
    constexpr std::array<bool, sizeof...(List)> is_it{std::is_same_v<T, List>...};
    std::size_t index = 0;
    while (index < is_it.size() && !is_it[index]) {
        ++index;
    }
    return index;
}

/// The cell that an `apply` with that result makes.
template <class Result, class... States>
struct result_cell {
    static constexpr std::size_t index = index_in<Result, States...>();
    static constexpr bool is_state = index != sizeof...(States);
    static constexpr transition_cell cell{is_state ? std::uint64_t{1} << index % 64U : 0U, true,
                                          false, is_state};
};

template <class... States>
struct result_cell<refused, States...> {
    static constexpr transition_cell cell{0, true, true, true};
};

template <class Of, class... States>
struct result_cell<std::optional<Of>, States...> {
    static constexpr transition_cell inner = result_cell<Of, States...>::cell;
    static constexpr transition_cell cell{inner.targets, true, true, inner.is_understood};
};

template <class... Each, class... States>
struct result_cell<std::variant<Each...>, States...> {
    static constexpr transition_cell cell{
        (std::uint64_t{0} | ... | result_cell<Each, States...>::cell.targets), true, true,
        (result_cell<Each, States...>::cell.is_understood && ...)};
};

/// Machines that have such an overload.
template <class Machine, class State, class Event>
concept has_transition = requires(const State& state, const Event& event) {
    Machine::apply(state, event);
};

template <class Machine, class State, class Event, class... States>
[[nodiscard]] constexpr transition_cell make_cell() noexcept {
    if constexpr (has_transition<Machine, State, Event>) {
        using result = std::remove_cvref_t<decltype(Machine::apply(std::declval<const State&>(),
                                                                   std::declval<const Event&>()))>;
        return result_cell<result, States...>::cell;
    } else {
        return {};
    }
}

/// A name that can stand in a URL, in JSON and in a diagram as it is.
[[nodiscard]] constexpr bool is_outside_name(std::string_view name) noexcept {
    for (const char each : name) {
        const bool is_letter = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
        if (!is_letter && !(each >= '0' && each <= '9') && each != '_' && each != '-') {
            return false;
        }
    }
    return !name.empty() && name.size() <= 64;
}

/// Whether no two of them are the same.
template <std::size_t Count>
[[nodiscard]] constexpr bool are_distinct(
    const std::array<std::string_view, Count>& names) noexcept {
    for (std::size_t left = 0; left < Count; ++left) {
        for (std::size_t right = left + 1; right < Count; ++right) {
            if (names[left] == names[right]) {
                return false;
            }
        }
    }
    return true;
}

/// The states that can be reached from the first one, a bit each.
[[nodiscard]] constexpr std::uint64_t reachable_states(std::span<const transition_cell> cells,
                                                       std::size_t event_count) noexcept {
    std::uint64_t reached = 1;
    for (std::uint64_t before = 0; before != reached;) {
        before = reached;
        for (std::size_t index = 0; index < cells.size(); ++index) {
            if ((reached >> index / event_count & 1U) != 0) {
                reached |= cells[index].targets;
            }
        }
    }
    return reached;
}

template <class T>
inline constexpr bool is_event_list = false;
template <class... Events>
inline constexpr bool is_event_list<events<Events...>> = true;

template <class Machine>
concept has_internal_events = is_event_list<typename Machine::internal_events>;

template <class Machine>
concept has_timeouts = requires {
    std::tuple_size<std::remove_cvref_t<decltype(Machine::timeouts)>>::value;
};

/// Whether a type converts to another one of the list by itself, so that one `apply` would take
/// both.
template <class T, class... List>
inline constexpr bool converts_to_another =
    ((!std::is_same_v<T, List> && std::is_convertible_v<const T&, List>) || ...);

// Each check stands in a template of its own, so that the compiler names the type at fault.

template <class State, bool IsReachable>
struct state_check {
    static_assert(IsReachable,
                  "cloakroom: nothing reaches this state: no apply that can run returns it. Add "
                  "the transition, or take the state out of machine_of<...>");
    static constexpr bool passed = IsReachable;
};

template <class Event, bool IsTaken>
struct event_check {
    static_assert(IsTaken,
                  "cloakroom: no state takes this event. Add `static NextState apply(const "
                  "State&, const Event&)` to the machine, public and static, or take the event out "
                  "of events<...>");
    static constexpr bool passed = IsTaken;
};

template <class State, class Event, bool IsUnderstood>
struct target_check {
    static_assert(IsUnderstood,
                  "cloakroom: the apply of this state and event returns what is not among the "
                  "machine's states. It may return one of them, std::optional of one, refused, or "
                  "std::variant of these");
    static constexpr bool passed = IsUnderstood;
};

template <class T, bool IsDistinct, bool IsNamed>
struct type_check {
    static_assert(IsDistinct,
                  "cloakroom: this type converts to another of the machine's types by itself, so "
                  "that one apply would take both: make the constructor or conversion explicit");
    static_assert(IsNamed,
                  "cloakroom: this type has no name that can stand in a URL: give it a `static "
                  "constexpr std::string_view name` of 1 to 64 letters, digits, '_' and '-'");
    static constexpr bool passed = IsDistinct && IsNamed;
};

template <class State, class Event, bool IsTaken, bool IsPositive>
struct timeout_check {
    static_assert(IsTaken,
                  "cloakroom: the timeout's state does not take its event: add an apply, or name "
                  "another event");
    static_assert(IsPositive, "cloakroom: a timeout is at least one second");
    static constexpr bool passed = IsTaken && IsPositive;
};

/// The table of a machine with those states and events.
template <class Machine, class StateVariant, class EventList>
class transition_table;

template <class Machine, class... States, class... Events>
class transition_table<Machine, std::variant<States...>, events<Events...>> {
public:
    static constexpr std::size_t state_count = sizeof...(States);
    static constexpr std::size_t event_count = sizeof...(Events);
    static_assert(state_count <= 64 && event_count <= 64,
                  "cloakroom: a machine has at most 64 states and 64 events");
    static_assert(event_count != 0, "cloakroom: a machine has at least one event");

    template <class State>
    static constexpr std::size_t index_of_state = index_in<State, States...>();
    template <class Event>
    static constexpr std::size_t index_of_event = index_in<Event, Events...>();

    template <std::size_t Index>
    using event_type = std::tuple_element_t<Index, std::tuple<Events...>>;

    static constexpr std::array<std::string_view, state_count> state_names{
        outside_name<States>()...};
    static constexpr std::array<std::string_view, event_count> event_names{
        outside_name<Events>()...};

    template <class State>
    static constexpr std::array<transition_cell, event_count> row{
        make_cell<Machine, State, Events, States...>()...};

    static constexpr std::array<transition_cell, state_count* event_count> cells = [] {
        std::array<transition_cell, state_count * event_count> all{};
        std::size_t at = 0;
        const auto append = [&](const std::array<transition_cell, event_count>& each) {
            for (const transition_cell& cell : each) {
                all[at++] = cell;
            }
        };
        (append(row<States>), ...);
        return all;
    }();

    [[nodiscard]] static constexpr const transition_cell& cell(std::size_t state,
                                                               std::size_t event) noexcept {
        return cells[state * event_count + event];
    }

    /// Stops the compiler with a sentence for what does not fit together. @return Whether it does.
    [[nodiscard]] static constexpr bool check() {
        using first = std::variant_alternative_t<0, std::variant<States...>>;
        constexpr bool begins = std::is_default_constructible_v<first>;
        constexpr bool has_own_names = are_distinct(state_names) && are_distinct(event_names);
        constexpr std::uint64_t reached = reachable_states(cells, event_count);
        static_assert(begins,
                      "cloakroom: the first state is where the machine begins, and cannot be made: "
                      "let it be made by default");
        static_assert(has_own_names,
                      "cloakroom: two states or two events of a machine have the same name on the "
                      "outside: give one a `static constexpr std::string_view name`");
        static_assert((std::is_copy_constructible_v<States> && ...),
                      "cloakroom: a state can be copied, so that a transition that fails changes "
                      "nothing");
        return begins && has_own_names &&
               (type_check<States, !converts_to_another<States, States...>,
                           is_outside_name(outside_name<States>())>::passed &&
                ...) &&
               (type_check<Events, !converts_to_another<Events, Events...>,
                           is_outside_name(outside_name<Events>())>::passed &&
                ...) &&
               (check_targets<States>() && ...) &&
               (event_check<Events, is_taken(index_of_event<Events>)>::passed && ...) &&
               (state_check<States, (reached >> index_of_state<States> & 1U) != 0>::passed &&
                ...) &&
               check_timeouts();
    }

    /// The same without types.
    [[nodiscard]] static constexpr machine_table table() noexcept {
        return {outside_name<Machine>(), state_names, event_names, cells,
                internal_events(),       timeouts};
    }

    /// A bit for each event that no client may send.
    [[nodiscard]] static constexpr std::uint64_t internal_events() noexcept {
        if constexpr (has_internal_events<Machine>) {
            return bits_of(static_cast<typename Machine::internal_events*>(nullptr));
        } else {
            return 0;
        }
    }

private:
    template <class... Internal>
    [[nodiscard]] static constexpr std::uint64_t bits_of(events<Internal...>* /*list*/) noexcept {
        static_assert(((index_of_event<Internal> != event_count) && ...),
                      "cloakroom: internal_events names what is not among the machine's events");
        return (std::uint64_t{0} | ... | (std::uint64_t{1} << index_of_event<Internal> % 64U));
    }

    [[nodiscard]] static constexpr bool is_taken(std::size_t event) noexcept {
        for (std::size_t state = 0; state < state_count; ++state) {
            if (cell(state, event).targets != 0) {
                return true;
            }
        }
        return false;
    }

    template <class State>
    [[nodiscard]] static constexpr bool check_targets() {
        constexpr auto& cells_of_state = row<State>;
        return (target_check<State, Events,
                             cells_of_state[index_of_event<Events>].is_understood>::passed &&
                ...);
    }

    template <class State, class Event>
    [[nodiscard]] static constexpr timeout_entry entry_of(
        const state_timeout<State, Event>& each) noexcept {
        static_assert(index_of_state<State> != state_count && index_of_event<Event> != event_count,
                      "cloakroom: a timeout is of one of the machine's states, by one of its "
                      "events");
        return {index_of_state<State>, index_of_event<Event>, each.after};
    }

    [[nodiscard]] static constexpr auto make_timeouts() noexcept {
        if constexpr (has_timeouts<Machine>) {
            return std::apply(
                [](const auto&... each) {
                    return std::array<timeout_entry, sizeof...(each)>{entry_of(each)...};
                },
                Machine::timeouts);
        } else {
            return std::array<timeout_entry, 0>{};
        }
    }

    [[nodiscard]] static constexpr bool check_timeouts() {
        if constexpr (has_timeouts<Machine>) {
            return [&]<std::size_t... Each>(std::index_sequence<Each...>) {
                return (check_timeout<Each>() && ...);
            }
            (std::make_index_sequence<timeouts.size()>{});
        }
        return true;
    }

    template <std::size_t Index>
    [[nodiscard]] static constexpr bool check_timeout() {
        constexpr timeout_entry entry = timeouts[Index];
        using types = std::tuple_element_t<Index, std::remove_cvref_t<decltype(Machine::timeouts)>>;
        return timeout_check<types, void, cell(entry.state, entry.event).targets != 0,
                             entry.after >= std::chrono::seconds{1}>::passed;
    }

public:
    static constexpr auto timeouts = make_timeouts();
};

/// Types that are written as machine_of says, as far as a concept can tell.
template <class T>
concept state_machine = requires {
    typename T::state_type;
    typename T::events;
}
&&is_event_list<typename T::events>;

/// The table of a machine.
template <state_machine Machine>
using table_of = transition_table<Machine, typename Machine::state_type, typename Machine::events>;

}  // namespace cloakroom
