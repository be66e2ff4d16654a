// SPDX-License-Identifier: MIT
// The transitions of a machine, read off its overloads of `apply` while compiling, and whether they
// fit together. No machine's state is here.
#pragma once

#include <cloakroom/machine_checks.hpp>
#include <cloakroom/machine_of.hpp>

#include <algorithm>
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
    std::uint16_t number = 0;     ///< Of those that are answered, from 0.
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
    std::span<const transition_cell> cells;   ///< Row by row, a row for each state.
    std::uint64_t internal_events;            ///< A bit for each.
    std::span<const timeout_entry> timeouts;  ///< The shorter first.

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

/// What `apply` returns; no_result where no overload takes these. One look at the overloads for both
/// answers: there are many to look at.
struct no_result {};
template <class Machine, class State, class Event>
auto result_of(int) -> std::type_identity<std::remove_cvref_t<
    decltype(Machine::apply(std::declval<const State&>(), std::declval<const Event&>()))>>;
template <class Machine, class State, class Event>
auto result_of(...) -> std::type_identity<no_result>;

/// No `apply`: the event is not possible.
template <class... States>
struct result_cell<no_result, States...> {
    static constexpr transition_cell cell{};
};

template <class Machine, class State, class Event, class... States>
[[nodiscard]] constexpr transition_cell make_cell() noexcept {
    return result_cell<typename decltype(result_of<Machine, State, Event>(0))::type,
                       States...>::cell;
}

/// The most bytes of a name of a machine, a state or an event.
inline constexpr std::size_t max_outside_name_bytes = 64;

/// A name that can stand in a URL, in JSON and in a diagram as it is.
[[nodiscard]] constexpr bool is_outside_name(std::string_view name) noexcept {
    for (const char each : name) {
        const bool is_letter = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
        if (!is_letter && !(each >= '0' && each <= '9') && each != '_' && each != '-') {
            return false;
        }
    }
    return !name.empty() && name.size() <= max_outside_name_bytes;
}

/// Found once for each type.
template <class T>
inline constexpr std::string_view outside_name_of = outside_name<T>();

/// How many of them are that name.
[[nodiscard]] constexpr std::size_t count_of(std::span<const std::string_view> names,
                                             std::string_view name) noexcept {
    std::size_t count = 0;
    for (const std::string_view each : names) {
        count += each == name ? 1U : 0U;
    }
    return count;
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
inline constexpr bool converts_to_another = ((!std::is_same_v<T, List> &&
                                              requires(const T& from, void (&take)(const List&)) {
                                                  take(from);
                                              }) ||
                                             ...);

/// Machines with such an overload that is not static.
template <class Machine, class State, class Event>
concept has_bound_transition =
    std::is_same_v<typename decltype(result_of<Machine, State, Event>(0))::type, no_result> &&
    requires(Machine& bound, const State& state, const Event& event) {
    bound.apply(state, event);
};

/// The table of a machine with those states and events.
template <class Machine, class StateVariant, class EventList>
class transition_table;

template <class Machine, class... States, class... Events>
class transition_table<Machine, std::variant<States...>, events<Events...>> {
public:
    /// Has room for any of the states.
    struct room_type {
        alignas(States...) std::byte bytes[std::max({sizeof(States)...})];
    };

    static constexpr std::size_t state_count = sizeof...(States);
    static constexpr std::size_t event_count = sizeof...(Events);

    template <class State>
    static constexpr std::size_t index_of_state = index_in<State, States...>();
    template <class Event>
    static constexpr std::size_t index_of_event = index_in<Event, Events...>();

    template <std::size_t Index>
    using event_type = std::tuple_element_t<Index, std::tuple<Events...>>;
    template <std::size_t Index>
    using state_type = std::tuple_element_t<Index, std::tuple<States...>>;

    static constexpr std::array<std::string_view, state_count> state_names{
        outside_name_of<States>...};
    static constexpr std::array<std::string_view, event_count> event_names{
        outside_name_of<Events>...};

    template <class State>
    static constexpr std::array<transition_cell, event_count> row{
        make_cell<Machine, State, Events, States...>()...};

    static constexpr std::array<transition_cell, state_count* event_count> cells = [] {
        std::array<transition_cell, state_count * event_count> all{};
        std::size_t at = 0;
        std::uint16_t answered = 0;
        const auto append = [&](const std::array<transition_cell, event_count>& each) {
            for (const transition_cell& cell : each) {
                all[at] = cell;
                all[at++].number = cell.is_answered ? answered++ : std::uint16_t{0};
            }
        };
        (append(row<States>), ...);
        return all;
    }();

    [[nodiscard]] static constexpr const transition_cell& cell(std::size_t state,
                                                               std::size_t event) noexcept {
        return cells[state * event_count + event];
    }

    /// How many cells are answered, if only to say why not.
    static constexpr std::size_t answered_count = [] {
        std::size_t count = 0;
        for (const transition_cell& each : cells) {
            count += each.is_answered ? 1U : 0U;
        }
        return count;
    }();
    /// Where these are, by their number.
    static constexpr std::array<std::size_t, answered_count> answered_cells = [] {
        std::array<std::size_t, answered_count> all{};
        for (std::size_t at = 0; at < cells.size(); ++at) {
            if (cells[at].is_answered) {
                all[cells[at].number] = at;
            }
        }
        return all;
    }();

    /// Whether all of it fits together.
    [[nodiscard]] static constexpr bool fits() noexcept {
        if constexpr (counts_fit() && types_fit()) {
            return targets_fit() && (is_taken(index_of_event<Events>) && ...) &&
                   reachable_states(cells, event_count) == all_states && timeouts_fit();
        }
        return false;
    }

    /// Stops the compiler with a sentence for what does not. Apart from fits(), as a constant that
    /// cannot be made brings more errors of its own.
    static void explain() {
        // One after the other: what only follows from a fault is not told as well.
        if constexpr (!counts_fit()) {
            static_cast<void>(sizeof(count_check<Machine, (event_count > 0), are_few>));
        } else if constexpr (!types_fit()) {
            explain_types();
        } else if constexpr (!targets_fit()) {
            (explain_targets<States>(), ...);
        } else if constexpr (!(is_taken(index_of_event<Events>) && ...)) {
            (explain_event<Events>(), ...);
        } else if constexpr (reachable_states(cells, event_count) != all_states) {
            constexpr std::uint64_t reached = reachable_states(cells, event_count);
            static_cast<void>(
                (sizeof(state_check<States, (reached >> index_of_state<States> & 1U) != 0>) + ...));
        } else if constexpr (has_timeouts<Machine>) {
            explain_timeouts(std::make_index_sequence<timeouts.size()>{});
        }
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
    static constexpr bool are_few = state_count <= 64 && event_count <= 64;
    static constexpr std::uint64_t all_states = ~std::uint64_t{0} >> (64 - state_count) % 64;

    template <class... Internal>
    [[nodiscard]] static constexpr std::uint64_t bits_of(events<Internal...>* /*list*/) noexcept {
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

    [[nodiscard]] static constexpr bool counts_fit() noexcept { return are_few && event_count > 0; }

    // The types by themselves.

    template <class T, class... List>
    static constexpr bool is_distinct = !converts_to_another<T, List...>;
    template <class State>
    static constexpr bool is_only_state = count_of(state_names,
                                                   state_names[index_of_state<State>]) == 1;
    template <class Event>
    static constexpr bool is_only_event = count_of(event_names,
                                                   event_names[index_of_event<Event>]) == 1;
    template <class T>
    static constexpr bool is_named = is_outside_name(outside_name_of<T>);
    template <class State>
    static constexpr bool is_made = std::is_default_constructible_v<State>;
    template <class State>
    static constexpr bool is_copied = std::is_copy_constructible_v<State>;

    template <class... Internal>
    [[nodiscard]] static constexpr bool are_known(events<Internal...>* /*list*/) noexcept {
        return ((index_of_event<Internal> != event_count) && ...);
    }

    [[nodiscard]] static constexpr bool types_fit() noexcept {
        if constexpr (has_internal_events<Machine>) {
            if (!are_known(static_cast<typename Machine::internal_events*>(nullptr))) {
                return false;
            }
        }
        return is_named<Machine> &&
               ((is_distinct<States, States...> && is_named<States> && is_only_state<States> &&
                 is_made<States> && is_copied<States>)&&...) &&
               ((is_distinct<Events, Events...> && is_named<Events> && is_only_event<Events>)&&...);
    }

    static void explain_types() {
        constexpr std::size_t told =
            sizeof(type_check<Machine, true, is_named<Machine>, true>) +
            (sizeof(type_check<States, is_distinct<States, States...>, is_named<States>,
                               is_only_state<States>>) +
             ...) +
            (sizeof(type_check<Events, is_distinct<Events, Events...>, is_named<Events>,
                               is_only_event<Events>>) +
             ...) +
            (sizeof(state_type_check<States, is_made<States>, is_copied<States>>) + ...);
        static_cast<void>(told);
        if constexpr (has_internal_events<Machine>) {
            explain_internal(static_cast<typename Machine::internal_events*>(nullptr));
        }
    }

    template <class... Internal>
    static void explain_internal(events<Internal...>* /*list*/) {
        static_cast<void>((
            sizeof(internal_event_check<Internal, index_of_event<Internal> != event_count>) + ...));
    }

    // The transitions.

    [[nodiscard]] static constexpr bool targets_fit() noexcept {
        bool are_understood = true;
        for (const transition_cell& each : cells) {
            are_understood = are_understood && each.is_understood;
        }
        return are_understood;
    }

    template <class State>
    static void explain_targets() {
        static_cast<void>(
            (sizeof(
                 target_check<State, Events,
                              cell(index_of_state<State>, index_of_event<Events>).is_understood>) +
             ...));
    }

    template <class Event>
    static void explain_event() {
        if constexpr (!is_taken(index_of_event<Event>)) {
            constexpr bool is_static = !(has_bound_transition<Machine, States, Event> || ...);
            static_cast<void>(sizeof(event_check<Event, false, is_static>));
        }
    }

    // The timeouts.

    template <class State, class Event>
    [[nodiscard]] static constexpr timeout_entry entry_of(
        const state_timeout<State, Event>& each) noexcept {
        return {index_of_state<State>, index_of_event<Event>, each.after};
    }

    // The shorter first: so they fire.
    [[nodiscard]] static constexpr auto make_timeouts() noexcept {
        if constexpr (has_timeouts<Machine>) {
            auto entries = std::apply(
                [](const auto&... each) {
                    return std::array<timeout_entry, sizeof...(each)>{entry_of(each)...};
                },
                Machine::timeouts);
            for (std::size_t end = 1; end < entries.size(); ++end) {
                for (std::size_t at = end; at > 0 && entries[at].after < entries[at - 1].after;
                     --at) {
                    std::swap(entries[at], entries[at - 1]);
                }
            }
            return entries;
        } else {
            return std::array<timeout_entry, 0>{};
        }
    }

    template <class State, class Event>
    static constexpr bool has_timeout_types =
        index_of_state<State> != state_count&& index_of_event<Event> != event_count;

    template <class State, class Event>
    static constexpr bool is_timeout_taken =
        (has_timeout_types<State, Event> &&
         cells[index_of_state<State> % state_count * event_count +
               index_of_event<Event> % event_count]
                 .targets != 0);

    template <class State, class Event>
    [[nodiscard]] static constexpr bool timeout_fits(
        const state_timeout<State, Event>& each) noexcept {
        return is_timeout_taken<State, Event> && each.after >= std::chrono::seconds{1} &&
               std::is_default_constructible_v<Event>;
    }

    [[nodiscard]] static constexpr bool timeouts_fit() noexcept {
        if constexpr (has_timeouts<Machine>) {
            return std::apply([](const auto&... each) { return (timeout_fits(each) && ...); },
                              Machine::timeouts);
        }
        return true;
    }

    template <std::size_t... Index>
    static void explain_timeouts(std::index_sequence<Index...> /*each*/) {
        (explain_timeout<std::get<Index>(Machine::timeouts).after >= std::chrono::seconds{1}>(
             &std::get<Index>(Machine::timeouts)),
         ...);
    }

    template <bool IsPositive, class State, class Event>
    static void explain_timeout(const state_timeout<State, Event>* /*each*/) {
        if constexpr (!has_timeout_types<State, Event>) {
            static_cast<void>(sizeof(timeout_types_check<State, Event, false>));
        } else {
            static_cast<void>(
                sizeof(timeout_check<State, Event, is_timeout_taken<State, Event>, IsPositive,
                                     std::is_default_constructible_v<Event>>));
        }
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
