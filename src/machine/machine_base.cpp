// SPDX-License-Identifier: MIT
#include <cloakroom/machine_base.hpp>

#include <optional>
#include <utility>

namespace cloakroom {

using kind = event_outcome::kind;

void machine_base::begin() {
    try {
        load();
        fire_timeouts();
    } catch (...) {
        destroy_state();
        throw;
    }
}

void machine_base::load() {
    const std::optional<machine_record::contents> stored = record_.load();
    if (!stored) {
        return make_state(0);
    }
    if (stored->version > functions_->version) {
        record_.refuse_version(stored->version, functions_->version);
    }
    stored_state migrated;
    std::string_view name = stored->state;
    std::string_view data = stored->data;
    if (functions_->migrate != nullptr && stored->version < functions_->version) {
        migrated = functions_->migrate({std::string{name}, std::string{data}}, stored->version);
        name = migrated.name;
        data = migrated.data;
    }
    const std::size_t index = index_of_name(table_->states, name);
    if (index == table_->states.size()) {
        record_.refuse_state(name);
    }
    make_state(index);
    if (!functions_->states[index].decode(data, room_)) {
        record_.refuse_data(name);
    }
}

void machine_base::make_state(std::size_t index) {
    functions_->states[index].make(room_);
    index_ = index;
    has_state_ = true;
}

void machine_base::destroy_state() noexcept {
    const auto destroy = functions_->states[index_].destroy;
    if (std::exchange(has_state_, false) && destroy != nullptr) {
        destroy(room_);
    }
}

// A state whose move throws is made by default instead, so that there always is one.
void machine_base::replace_state(std::size_t index, void* from) {
    destroy_state();
    try {
        functions_->states[index].move(room_, from);
        index_ = index;
        has_state_ = true;
    } catch (...) {
        make_state(0);
        throw;
    }
}

void machine_base::restart() {
    record_.erase();
    destroy_state();
    make_state(0);
}

bool machine_base::apply_event(std::size_t event, const void* data, std::string_view id) {
    const event_outcome outcome = try_event(event, data, id);
    if (!outcome) {
        throw event_refused(refusal_of(*table_, index_, event, outcome.reason));
    }
    return outcome.what == kind::applied;
}

event_outcome machine_base::try_event(std::size_t event, const void* data, std::string_view id) {
    if (!id.empty() && record_.has_seen(id)) {
        return {kind::repeated};
    }
    return step(event, data, {now_, id, false});
}

event_outcome machine_base::step(std::size_t event, const void* data, const event_occasion& when) {
    event_outcome outcome{kind::not_allowed};
    const transition_cell& cell = table_->cell(index_, event);
    if (cell.is_answered) {
        functions_->transitions[cell.number](*this, room_, data, when, outcome);
    }
    return outcome;
}

void machine_base::take(std::size_t state, void* to, const event_occasion& when,
                        event_outcome& outcome) {
    const state_functions& old_one = functions_->states[index_];
    const state_functions& new_one = functions_->states[state];
    session_time since = when.at;
    if (state == index_) {
        // Its time goes on; after a timeout that begins anew, else it were over still.
        const bool goes_on = !when.is_timeout && record_.since() != session_time{};
        since = goes_on ? record_.since() : when.at;
    } else {
        if (old_one.leave != nullptr) {
            old_one.leave(room_, record_.visitor());
        }
        if (new_one.enter != nullptr) {
            new_one.enter(to, record_.visitor());
        }
    }
    new_one.encode(record_.begin_store(table_->states[state], since), to);
    record_.end_store(functions_->version, when.id);
    replace_state(state, to);
    outcome.what = kind::applied;
}

// Fires what has run out, one after the other. A circle of timeouts must not turn for each round
// that a long absence had room for: its last one counts as of now.
void machine_base::fire_timeouts() {
    if (table_->timeouts.empty()) {
        return;
    }
    const std::size_t most = 2 * table_->states.size();
    for (std::size_t fired = 0; fired < most; ++fired) {
        if (!fire_one(fired + 1 == most)) {
            return;
        }
    }
}

bool machine_base::fire_one(bool is_last) {
    if (since() == session_time{}) {
        return false;
    }
    for (std::size_t index = 0; index < table_->timeouts.size(); ++index) {
        const timeout_entry& each = table_->timeouts[index];
        if (each.state == index_ && now_ - since() >= each.after) {
            const session_time at = is_last ? now_ : since() + each.after;
            if (functions_->timeouts[index](*this, {at, {}, true}).what == kind::applied) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace cloakroom
