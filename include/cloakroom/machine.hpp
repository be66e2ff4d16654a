// SPDX-License-Identifier: MIT
// State machines as handlers use them: `machine<checkout>&` is the one of the visitor's session,
// `machine_instances<checkout>&` are several. How a machine is written: machine_of.hpp.
#pragma once

#include <cloakroom/json_fields.hpp>
#include <cloakroom/machine_checks.hpp>
#include <cloakroom/machine_record.hpp>
#include <cloakroom/parameter.hpp>
#include <cloakroom/transition_table.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
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
class machine {
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
        : record_(visitor, description(), instance), now_(now) {
        if constexpr (fits) {
            load();
            fire_timeouts();
        } else {
            explain(static_cast<const state_type*>(nullptr));
        }
    }
    machine(const machine&) = delete;
    machine& operator=(const machine&) = delete;

    [[nodiscard]] const state_type& state() const noexcept { return state_; }
    [[nodiscard]] std::string_view state_name() const noexcept {
        return table::state_names[state_.index()];
    }

    /// Calls `visitor` with the state, as std::visit does.
    template <class Visitor>
    decltype(auto) visit(Visitor&& visitor) const {
        return std::visit(std::forward<Visitor>(visitor), state_);
    }

    template <class State>
    [[nodiscard]] bool is() const noexcept {
        return std::holds_alternative<State>(state_);
    }

    /// The state's data; null in another state. Valid until the next event.
    template <class State>
    [[nodiscard]] const State* get_if() const noexcept {
        return std::get_if<State>(&state_);
    }

    /// Whether no event leads out of the state.
    [[nodiscard]] bool is_final() const noexcept {
        return cloakroom::is_final(description(), state_.index());
    }

    /// Since when it is in this state; the epoch before the first event.
    [[nodiscard]] session_time since() const noexcept { return record_.since(); }

    /// Whether the state takes the event; a guard may refuse it all the same.
    template <class Event>
    [[nodiscard]] bool allows() const noexcept {
        return table::cell(state_.index(), index_of<Event>()).targets != 0;
    }

    /// The names of the events that a client may send now: without internal ones.
    [[nodiscard]] std::vector<std::string_view> allowed() const {
        return allowed_events(description(), state_.index());
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
        const event_outcome outcome = try_apply(event, id);
        if (!outcome) {
            refuse(description(), state_.index(), index_of<Event>(), outcome.reason);
        }
        return outcome.what == event_outcome::kind::applied;
    }

    /// The same, but says what became of it instead of throwing event_refused.
    template <class Event>
    [[nodiscard]] event_outcome try_apply(const Event& event, std::string_view id = {}) {
        if (!id.empty() && record_.has_seen(id)) {
            return {event_outcome::kind::repeated};
        }
        if constexpr (fits) {
            return step(event, {now_, id, false});
        } else {
            explain(static_cast<const state_type*>(nullptr));
            return {};
        }
    }

    /// Forgets all, so that it is where it begins.
    void restart() {
        record_.erase();
        state_ = state_type{};
    }

    /// The machine without its types.
    [[nodiscard]] static const machine_table& description() noexcept {
        static constexpr machine_table described = table::table();
        return described;
    }

private:
    using kind = event_outcome::kind;

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

    [[nodiscard]] static constexpr unsigned version() noexcept {
        if constexpr (requires { unsigned{Machine::version}; }) {
            return Machine::version;
        } else {
            return 0;
        }
    }

    void load() {
        const std::optional<machine_record::contents> stored = record_.load();
        if (!stored) {
            return;
        }
        if (stored->version > version()) {
            record_.refuse_version(stored->version, version());
        }
        if constexpr (requires { &Machine::migrate; }) {
            if (stored->version < version()) {
                const stored_state migrated = Machine::migrate(
                    stored_state{std::string{stored->state}, std::string{stored->data}},
                    stored->version);
                return decode(migrated.name, migrated.data);
            }
        }
        decode(stored->state, stored->data);
    }

    void decode(std::string_view name, std::string_view data) {
        const bool is_known = [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            return ((name == table::state_names[Index] && (decode_as<Index>(data), true)) || ...);
        }
        (std::make_index_sequence<table::state_count>{});
        if (!is_known) {
            record_.refuse_state(name);
        }
    }

    template <std::size_t Index>
    [[gnu::noinline]] void decode_as(std::string_view data) {
        using state = std::variant_alternative_t<Index, state_type>;
        if (!json_codec<state>::decode(data, state_.template emplace<Index>())) {
            record_.refuse_data(table::state_names[Index]);
        }
    }

    // Fires what has run out, one after the other. A circle of timeouts must not turn for each
    // round that a long absence had room for: its last one counts as of now.
    void fire_timeouts() {
        constexpr std::size_t most = 2 * table::state_count;
        const auto fire_one = [&]<std::size_t... Index>([[maybe_unused]] bool is_last,
                                                        std::index_sequence<Index...>) {
            return (this->fire<Index>(is_last) || ...);
        };
        for (std::size_t fired = 0; fired < most; ++fired) {
            if (!fire_one(fired + 1 == most, std::make_index_sequence<table::timeouts.size()>{})) {
                return;
            }
        }
    }

    template <std::size_t Index>
    [[nodiscard]] bool fire(bool is_last) {
        constexpr timeout_entry timeout = table::timeouts[Index];
        if (state_.index() != timeout.state || since() == session_time{} ||
            now_ - since() < timeout.after) {
            return false;
        }
        const session_time at = is_last ? now_ : since() + timeout.after;
        using event = typename table::template event_type<timeout.event>;
        return step(event{}, {at, {}, true}).what == kind::applied;
    }

    // When an event happens, and how.
    struct occasion {
        session_time at;
        std::string_view id;
        bool is_timeout;
    };

    // Not by std::visit: of many states, few take an event, and only those cost the compiler time.

    template <class Event>
    [[nodiscard]] event_outcome step(const Event& event, const occasion& when) {
        constexpr std::size_t count = table::answering_count(index_of<Event>());
        event_outcome outcome{kind::not_allowed};
        [&]<std::size_t... Nth>(std::index_sequence<Nth...>) {
            static_cast<void>((step_from<Nth>(event, when, outcome) || ...));
        }
        (std::make_index_sequence<count>{});
        return outcome;
    }

    // By the Nth of the states that answer the event. @return Whether it is in that.
    template <std::size_t Nth, class Event>
    [[nodiscard]] bool step_from(const Event& event, const occasion& when, event_outcome& outcome) {
        constexpr std::size_t index = table::answering_state(index_of<Event>(), Nth);
        const auto* const from = std::get_if<index>(&state_);
        if (from == nullptr) {
            return false;
        }
        auto result = Machine::apply(*from, event);
        take(*from, result, when, outcome);
        return true;
    }

    // What `apply` gave: a state, or what may hold one.

    template <class From, class To>
    void take(const From& from, To& to, const occasion& when, event_outcome& outcome) {
        if constexpr (!std::is_same_v<From, To>) {
            leave(from);
            enter(to);
            keep(to, when, when.at);
        } else {
            // Its time goes on; after a timeout that begins anew, else it were over still.
            const bool goes_on = !when.is_timeout && since() != session_time{};
            keep(to, when, goes_on ? since() : when.at);
        }
        outcome.what = kind::applied;
    }

    template <class From, class Of>
    void take(const From& from, std::optional<Of>& result, const occasion& when,
              event_outcome& outcome) {
        if (result) {
            take(from, *result, when, outcome);
        } else {
            outcome.what = kind::refused;
        }
    }

    template <class From, class... Each>
    void take(const From& from, std::variant<Each...>& result, const occasion& when,
              event_outcome& outcome) {
        const auto take_if = [&](auto* held) {
            return held != nullptr && (this->take(from, *held, when, outcome), true);
        };
        static_cast<void>((take_if(std::get_if<Each>(&result)) || ...));
    }

    template <class From>
    void take(const From& /*from*/, refused& result, const occasion& /*when*/,
              event_outcome& outcome) {
        outcome = {kind::refused, std::move(result.reason)};
    }

    // One function for all transitions to a state.
    template <class To>
    [[gnu::noinline]] void keep(To& to, const occasion& when, session_time since) {
        constexpr std::size_t index = table::template index_of_state<To>;
        json_codec<To>::encode(record_.begin_store(table::state_names[index], since), to);
        record_.end_store(version(), when.id);
        state_.template emplace<index>(std::move(to));
    }

    template <class State>
    void leave(const State& state) {
        if constexpr (exits_with_session<Machine, State>) {
            Machine::on_exit(state, record_.visitor());
        } else if constexpr (exits_alone<Machine, State>) {
            Machine::on_exit(state);
        }
    }

    template <class State>
    void enter(State& state) {
        if constexpr (enters_with_session<Machine, State>) {
            Machine::on_entry(state, record_.visitor());
        } else if constexpr (enters_alone<Machine, State>) {
            Machine::on_entry(state);
        }
    }

    machine_record record_;
    session_time now_;
    state_type state_{};
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
        for (const entry& each : opened_) {
            if (each.name == name) {
                return *each.opened;
            }
        }
        auto opened = std::make_unique<machine<Machine>>(*visitor_, now_, name);
        opened_.push_back({std::string{name}, std::move(opened)});
        return *opened_.back().opened;
    }

    /// The names of those that have begun, in that order; at most machine_record::max_instances.
    [[nodiscard]] std::vector<std::string> names() const {
        return machine_record::instances(*visitor_, machine<Machine>::description());
    }

private:
    struct entry {
        std::string name;
        std::unique_ptr<machine<Machine>> opened;
    };

    session* visitor_;
    session_time now_;
    std::vector<entry> opened_;
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
