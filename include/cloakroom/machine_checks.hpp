// SPDX-License-Identifier: MIT
// The sentences that stop the compiler for a machine that does not fit together. Each stands in a
// template of its own, so that the compiler names the type at fault; transition_table.hpp finds it.
#pragma once

namespace cloakroom {

template <class Machine, bool HasEvents, bool AreFew>
struct count_check {
    static_assert(HasEvents, "cloakroom: a machine has at least one event");
    static_assert(AreFew, "cloakroom: a machine has at most 64 states and 64 events");
};

template <class T, bool IsDistinct, bool IsNamed, bool IsOnlyOne>
struct type_check {
    static_assert(IsDistinct,
                  "cloakroom: this type converts to another of the machine's types by itself, so "
                  "that one apply would take both: make the constructor or conversion explicit, "
                  "and derive no state from a state and no event from an event");
    static_assert(IsNamed,
                  "cloakroom: this type has no name that can stand in a URL: give it a `static "
                  "constexpr std::string_view name` of 1 to 64 letters, digits, '_' and '-'");
    static_assert(IsOnlyOne,
                  "cloakroom: another of the machine's states or events has the same name on the "
                  "outside as this type: give one a `static constexpr std::string_view name`");
};

template <class State, bool IsMade, bool IsCopied>
struct state_type_check {
    static_assert(IsMade,
                  "cloakroom: this state cannot be made by default, as it is before its data is "
                  "read and where the machine begins: give it a default constructor");
    static_assert(IsCopied,
                  "cloakroom: this state cannot be copied, as it must be so that a transition that "
                  "fails changes nothing");
};

template <class State, class Event, bool IsUnderstood>
struct target_check {
    static_assert(IsUnderstood,
                  "cloakroom: the apply of this state and event returns what is not among the "
                  "machine's states. It may return one of them, std::optional of one, refused, or "
                  "std::variant of these");
};

template <class Event, bool IsTaken, bool IsStatic>
struct event_check {
    static_assert(IsStatic,
                  "cloakroom: the apply of this event is not static: a machine has no members, and "
                  "keeps its data in its states. Write `static` before it");
    static_assert(IsTaken || !IsStatic,
                  "cloakroom: no state takes this event. Add `static NextState apply(const "
                  "State&, const Event&)` to the machine, public and with const references or "
                  "values, or take the event out of events<...>");
};

template <class State, bool IsReachable>
struct state_check {
    static_assert(IsReachable,
                  "cloakroom: nothing reaches this state: no apply that can run returns it. Add "
                  "the transition, or take the state out of machine_of<...>");
};

template <class Event, bool IsKnown>
struct internal_event_check {
    static_assert(IsKnown,
                  "cloakroom: internal_events names this type, which is not among the machine's "
                  "events");
};

template <class State, class Event, bool AreKnown>
struct timeout_types_check {
    static_assert(AreKnown,
                  "cloakroom: a timeout is of one of the machine's states, by one of its events; "
                  "this one is not");
};

template <class State, class Event, bool IsTaken, bool IsPositive, bool IsMade>
struct timeout_check {
    static_assert(IsTaken,
                  "cloakroom: the timeout's state does not take its event: add an apply, or name "
                  "another event");
    static_assert(IsPositive, "cloakroom: a timeout is at least one second");
    static_assert(IsMade,
                  "cloakroom: the event of this timeout cannot be made by default: give it a "
                  "default constructor");
};

template <class State, bool IsStored>
struct stored_check {
    static_assert(IsStored,
                  "cloakroom: this state is to be stored as JSON: name its members with `fields` "
                  "(fields.hpp), or include <cloakroom/json.hpp> and give it a conversion that "
                  "nlohmann_json knows");
};

}  // namespace cloakroom
