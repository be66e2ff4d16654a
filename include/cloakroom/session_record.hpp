// SPDX-License-Identifier: MIT
// What a session store keeps of one session: a value that knows neither its id nor its store.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cloakroom {

/// Wall-clock time in whole seconds, so that it means the same in every process.
using session_time = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;

/// The keys of a session with their values as JSON texts, sorted by key, in one flat string: equal
/// contents have equal bytes, and a small session needs no allocation.
class session_values {
public:
    /// The JSON text of a key; empty if there is none. Valid until the next change.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view key) const noexcept;

    /// REQUIRES: `json` is one JSON value.
    void set(std::string_view key, std::string_view json);

    /// @return Whether the key was there.
    bool erase(std::string_view key);

    void clear() noexcept { encoded_.clear(); }

    [[nodiscard]] bool empty() const noexcept { return encoded_.empty(); }

    /// Calls `visit(key, json)` for each key, in byte order of the keys.
    template <class Visit>
    void for_each(Visit visit) const {
        std::size_t offset = 0;
        while (offset < encoded_.size()) {
            const std::string_view key = piece(offset);
            const std::string_view json = piece(offset);
            visit(key, json);
        }
    }

    /// The contents as bytes: for each key its length, the key, the length of its JSON text, the
    /// text; lengths as base-128 numbers, low group first.
    [[nodiscard]] std::string_view encoded() const noexcept { return encoded_; }

    /// Takes what encoded() gave.
    ///
    /// @return False, with no contents, when `bytes` are not such an encoding: a length that
    ///         reaches beyond the end, or keys that are not strictly ascending.
    [[nodiscard]] bool decode(std::string_view bytes);

    friend bool operator==(const session_values&, const session_values&) = default;

private:
    struct entry {
        std::size_t begin;
        std::size_t value;
        std::size_t end;
        bool is_same;
    };
    [[nodiscard]] std::string_view piece(std::size_t& offset) const noexcept;
    [[nodiscard]] entry locate(std::string_view key) const noexcept;
    void set_value(const entry& at, std::string_view json);

    std::string encoded_;
};

/// One stored session.
struct session_record {
    /// The most bytes of an owner and of a label. What makes a record keeps to it.
    static constexpr std::size_t max_name_bytes = 256;

    session_values values{};
    std::string owner{};               ///< Whom session::elevate() named; empty: nobody.
    std::string label{};               ///< What the app calls it, such as "Firefox on Linux".
    session_time issued{};             ///< When the session began, or its owner logged in.
    session_time used{};               ///< When its use was recorded last.
    session_time idle_deadline{};      ///< Ends then unless used before; moved by use.
    session_time absolute_deadline{};  ///< Ends then in any case; moved by elevate() alone.

    /// Whether it has ended by `now`.
    [[nodiscard]] bool is_expired(session_time now) const noexcept {
        return now >= idle_deadline || now >= absolute_deadline;
    }

    friend bool operator==(const session_record&, const session_record&) = default;
};

}  // namespace cloakroom
