// SPDX-License-Identifier: MIT
// A state machine at work, without its types: what it does with a state or an event goes through
// tables of functions, so that it is compiled once for all machines. machine.hpp makes the tables.
#pragma once

#include <cloakroom/machine_record.hpp>
#include <cloakroom/transition_table.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {

class machine_base;

/// When an event happens, and how.
struct event_occasion {
    session_time at;
    std::string_view id;  ///< Empty for none.
    bool is_timeout = false;
};

/// What is done with a state of one type. Null where there is nothing to do.
struct state_functions {
    void (*make)(void* room);              ///< By default.
    void (*move)(void* room, void* from);  ///< Makes one of another, which is then moved from.
    void (*destroy)(void* state) noexcept;
    void (*encode)(std::string& json, const void* state);
    bool (*decode)(std::string_view json, void* state);  ///< Whether the state takes it.
    void (*enter)(void* state, session& visitor);
    void (*leave)(const void* state, session& visitor);
};

/// An `apply`: calls machine_base::take() with the state that it gives, or says why there is none.
using transition_function = void (*)(machine_base& flow, const void* from, const void* event,
                                     const event_occasion& when, event_outcome& outcome);

/// Makes an event by default, and gives it.
using timeout_function = event_outcome (*)(machine_base& flow, const event_occasion& when);

/// All that a machine's types can do. Lives as long as the program.
struct machine_functions {
    const state_functions* states;
    const transition_function* transitions;  ///< By transition_cell::number.
    const timeout_function* timeouts;        ///< In the order of machine_table::timeouts.
    unsigned version = 0;
    stored_state (*migrate)(stored_state older, unsigned from) = nullptr;
};

/// What `machine<M>` is built on; its members are said there.
class machine_base {
public:
    machine_base(const machine_base&) = delete;
    machine_base& operator=(const machine_base&) = delete;

    /// The state's place among the machine's states, from 0.
    [[nodiscard]] std::size_t state_index() const noexcept { return index_; }
    [[nodiscard]] std::string_view state_name() const noexcept { return table_->states[index_]; }

    /// Whether no event leads out of the state.
    [[nodiscard]] bool is_final() const noexcept { return cloakroom::is_final(*table_, index_); }

    /// Since when it is in this state; the epoch before the first event.
    [[nodiscard]] session_time since() const noexcept { return record_.since(); }

    /// The names of the events that a client may send now: without internal ones.
    [[nodiscard]] std::vector<std::string_view> allowed() const {
        return allowed_events(*table_, index_);
    }

    /// Appends the state's data as JSON.
    void append_data(std::string& into) const { functions_->states[index_].encode(into, room_); }

    /// Forgets all, so that it is where it begins.
    void restart();

    /// The events of machine<M>::apply() and try_apply(), by their index.
    bool apply_event(std::size_t event, const void* data, std::string_view id);
    [[nodiscard]] event_outcome try_event(std::size_t event, const void* data, std::string_view id);

    /// For a transition_function: goes to a state, which is moved from.
    void take(std::size_t state, void* to, const event_occasion& when, event_outcome& outcome);

    /// For a timeout_function.
    [[nodiscard]] event_outcome step(std::size_t event, const void* data,
                                     const event_occasion& when);

protected:
    /// @param room  For any of the states; what derives from this has it.
    machine_base(session& visitor, const machine_table& table, const machine_functions& functions,
                 void* room, session_time now, std::string_view instance)
        : record_(visitor, table, instance),
          table_(&table),
          functions_(&functions),
          room_(room),
          now_(now) {}
    ~machine_base() = default;

    /// Loads, and fires timeouts. Once the room is there; leaves no state when it throws.
    void begin();
    /// While the room is still there.
    void destroy_state() noexcept;

private:
    void load();
    void make_state(std::size_t index);
    void replace_state(std::size_t index, void* from);
    void fire_timeouts();
    [[nodiscard]] bool fire_one(bool is_last);

    machine_record record_;
    const machine_table* table_;
    const machine_functions* functions_;
    void* room_;
    session_time now_;
    std::size_t index_ = 0;
    bool has_state_ = false;
};

}  // namespace cloakroom
