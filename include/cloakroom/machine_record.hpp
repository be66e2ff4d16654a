// SPDX-License-Identifier: MIT
// How a machine is kept in a session: all of it that has no type of its own. Which states and
// events there are is machine.hpp's business.
#pragma once

#include <cloakroom/http_error.hpp>
#include <cloakroom/session.hpp>
#include <cloakroom/transition_table.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {

class json_cursor;

/// Thrown when a session holds a machine in a state that this program does not know, or with data
/// that the state does not take. The text names them; the client gets a 500.
class machine_mismatch : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// An event was not possible. 409, with the state and the events that are possible now.
class event_refused : public http_error {
public:
    using http_error::http_error;
};

/// Whether an event counted, and if not, why.
struct event_outcome {
    enum class kind : std::uint8_t {
        applied,
        repeated,     ///< It had counted before: its id is known.
        refused,      ///< By a guard.
        not_allowed,  ///< Not in this state.
    };

    kind what = kind::applied;
    std::string reason = {};  ///< Of `refused`; may be empty.

    /// Whether the event has counted, now or before.
    [[nodiscard]] explicit operator bool() const noexcept {
        return what == kind::applied || what == kind::repeated;
    }
};

/// The events that a client may send in a state.
[[nodiscard]] std::vector<std::string_view> allowed_events(const machine_table& table,
                                                           std::size_t state);

/// The index of a name; how many there are where it is none of them.
[[nodiscard]] std::size_t index_of_name(std::span<const std::string_view> names,
                                        std::string_view name) noexcept;

/// Whether no event leads out of a state.
[[nodiscard]] bool is_final(const machine_table& table, std::size_t state) noexcept;

/// What a client is told of an event that did not count.
[[nodiscard]] problem refusal_of(const machine_table& table, std::size_t state, std::size_t event,
                                 std::string_view reason);

/// One machine's place in a session. Its value there is
/// `{"state":"paying","since":1764115200,"data":{…},"version":1,"events":["…"]}`: since when it is
/// in the state, in seconds since the epoch; the version where it is not 0; the ids of recent events
/// where there are any.
class machine_record {
public:
    /// The most ids of events that are remembered, and the most bytes of one.
    static constexpr std::size_t max_event_ids = 16;
    static constexpr std::size_t max_event_id_bytes = 64;

    /// The most machines of one kind in a session, and the most bytes of an instance's name.
    static constexpr std::size_t max_instances = 64;
    static constexpr std::size_t max_instance_bytes = 64;

    /// @param visitor   Outlives this.
    /// @param instance  Which of several machines of that kind; empty for the only one. Letters,
    ///                  digits and "-._~", so that it can stand in a URL.
    /// @throws http_error 404 for an instance's name that cannot be.
    machine_record(session& visitor, const machine_table& table, std::string_view instance);

    /// What is stored. Valid until the session changes.
    struct contents {
        std::string_view state;
        std::string_view data;
        unsigned version = 0;
    };

    /// Looks for it. @return Empty when nothing is stored. @throws machine_mismatch.
    [[nodiscard]] std::optional<contents> load();

    /// Begins to store: append the data's JSON to what it returns, then end_store().
    [[nodiscard]] std::string& begin_store(std::string_view state, session_time since);

    /// @param event_id  Of the event that led here; may be empty.
    /// @throws http_error 409 when there are max_instances already; std::bad_alloc.
    void end_store(unsigned version, std::string_view event_id);

    /// Forgets the machine: it is as it begins.
    void erase();

    [[nodiscard]] session& visitor() const noexcept { return *visitor_; }
    [[nodiscard]] session_time since() const noexcept { return since_; }

    /// Whether the event of that id has counted.
    ///
    /// @throws http_error 400 for an id that is too long or has other characters than visible ASCII
    ///         without quotes, commas and backslashes.
    [[nodiscard]] bool has_seen(std::string_view event_id) const;

    /// The names of the instances, in the order in which they began.
    [[nodiscard]] static std::vector<std::string> instances(const session& visitor,
                                                            const machine_table& table);

    /// @throws machine_mismatch, with a text that says so, always.
    [[noreturn]] void refuse_state(std::string_view state) const;
    [[noreturn]] void refuse_data(std::string_view state) const;
    /// A newer program has stored it: 503, since this one must not touch it.
    [[noreturn]] void refuse_version(unsigned stored, unsigned own) const;

private:
    [[nodiscard]] bool read(std::string_view json, contents& stored);
    [[nodiscard]] bool read_event_ids(json_cursor& at);
    void append_event_ids(std::string_view added);
    void add_event_id(std::string_view id);
    void enlist();

    session* visitor_;
    const machine_table* table_;
    std::string key_;
    std::string instance_;
    std::string event_ids_;  // as in JSON, without brackets
    std::size_t event_id_count_ = 0;
    std::string scratch_;
    session_time since_{};
    session_time next_since_{};
    bool is_stored_ = false;
};

}  // namespace cloakroom
