// SPDX-License-Identifier: MIT
// The visitor's session as a handler sees it: keys with values, read and changed as one
// transaction. Where it is kept is the business of the session store.
#pragma once

#include <cloakroom/json_codec.hpp>
#include <cloakroom/session_store.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace cloakroom {

/// A text for the next page, such as "You are logged in." Source: Flask's flash().
struct flash_message {
    std::string category;
    std::string text;

    friend bool operator==(const flash_message&, const flash_message&) = default;
};

/// Thrown when a session key holds another type than the handler asks for, or a number that does
/// not fit. The text names the key, what it holds and the type that was asked for.
class session_type_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One visitor's session, as a transaction.
///
/// A handler gets it by naming a parameter: `session&` to read and change, `const session&` to read
/// only. Changes are committed after the handler and before the first byte of the response; they
/// are dropped when the handler throws or answers 5xx. When another request has changed the same
/// session meanwhile, either the changes do not touch (neither wrote what the other read or wrote)
/// and both are kept; or the handler runs again on the fresh contents (idempotent methods, and
/// where rerun_on_conflict() was called for the route or here); or the client gets 409. No update
/// is silently lost on a store that can compare and swap.
///
/// So a handler may run more than once: effects beyond the session belong in after_commit().
/// Valid until the handler has ended. Used by one thread at a time.
///
/// Keys that begin with "_" belong to the framework, and to Flask where its cookie is used.
class session {
public:
    session() = default;
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    /// The value of a key, or `fallback` when there is none.
    ///
    /// @throws session_type_error when the key holds another type.
    template <class T>
    [[nodiscard]] T value(std::string_view key, T fallback) const {
        std::optional<T> found = get<T>(key);
        return found ? std::move(*found) : std::move(fallback);
    }
    [[nodiscard]] std::string value(std::string_view key, const char* fallback) const {
        return value(key, std::string{fallback});
    }

    /// The value of a key; empty when there is none.
    ///
    /// @throws session_type_error when the key holds another type.
    template <class T>
    [[nodiscard]] std::optional<T> get(std::string_view key) const {
        check_type<T>();
        const std::optional<std::string_view> json = read(key);
        if (!json) {
            return std::nullopt;
        }
        T result{};
        if (!json_codec<T>::decode(*json, result)) {
            refuse_type(key, *json, name_of<T>());
        }
        return result;
    }

    /// Sets a key. Nothing is stored, and no cookie sent, until something is set. Made for some
    /// tens of keys: each use of one looks through those that the handler used before.
    ///
    /// @throws std::logic_error after end(): what is set would be lost.
    /// @throws std::invalid_argument for a number that JSON has not got (infinity, NaN).
    template <class T>
    void set(std::string_view key, const T& value) {
        using kept = std::decay_t<const T&>;
        check_type<kept>();
        scratch_.clear();
        json_codec<kept>::encode(scratch_, value);
        write(key, scratch_);
    }

    /// Whether there is a value of that key, of whatever type.
    [[nodiscard]] bool contains(std::string_view key) const { return read(key).has_value(); }

    /// Removes a key; nothing happens when there is none.
    void erase(std::string_view key);

    /// All keys, sorted, but those that begin with "_". Counts as reading every key.
    [[nodiscard]] std::vector<std::string> keys() const;

    /// Keeps a text for the page that is shown next, which takes it with take_flashes().
    void flash(std::string_view text, std::string_view category = "message");

    /// The texts that were kept, oldest first; the session forgets them.
    ///
    /// @throws session_type_error when the key "_flashes" holds something else.
    [[nodiscard]] std::vector<flash_message> take_flashes();

    /// Gives the session a new id; the old one is dead at once, on a store that can revoke. The
    /// contents and the absolute deadline stay.
    ///
    /// @throws std::logic_error after end().
    void renew();

    /// The visitor has proved to be `owner`: a new id, as renew(), so that whoever knew the old one
    /// is left behind; new deadlines; and a new token for csrf(). Call it at every log-in.
    ///
    /// @param owner  What identifies the user to you, such as a user's number: 1 to
    ///               session_record::max_name_bytes bytes.
    /// @throws std::invalid_argument for another length, std::logic_error after end().
    void elevate(std::string_view owner);

    /// Whom elevate() named; empty before. Valid until the handler has ended or elevates.
    [[nodiscard]] std::string_view owner() const noexcept {
        was_asked_ = true;
        return owner_;
    }

    /// When the owner logged in, so that a page which matters can ask for the password again; before
    /// that, when the session began. The epoch until the session is first stored.
    [[nodiscard]] session_time issued() const noexcept {
        was_asked_ = true;
        return issued_;
    }

    /// What a page of "your devices" calls this session, such as "Firefox on Linux".
    ///
    /// @throws std::invalid_argument above session_record::max_name_bytes bytes.
    void set_label(std::string_view text);
    [[nodiscard]] std::string_view label() const noexcept {
        was_asked_ = true;
        return label_;
    }

    /// Ends the session when the handler has ended: the store forgets it, the client's cookie is
    /// deleted. Applies also when the handler fails, so that a log-out is a log-out.
    void end() noexcept { ends_ = true; }

    /// Ends every session of that owner, this one too if it is the owner's. Applied after the
    /// handler, also when that fails; 503 when the store cannot.
    ///
    /// @throws std::logic_error when the store lacks session_capabilities::ends_by_owner.
    void end_all(std::string_view owner);

    /// Ends all other sessions of this one's owner, and renews this one. Call it when a password
    /// was changed. Does nothing before elevate(); else as end_all().
    void end_others();

    /// Ends one session of this one's owner, by its handle in owned_sessions; as end_all().
    ///
    /// @throws std::logic_error when the store lacks session_capabilities::owner_index.
    void end_other(std::string_view handle);

    /// This request may run again when another changed the session meanwhile, whatever its method:
    /// what route::rerun_on_conflict() says of all requests, where it is the request that tells,
    /// such as one that names the event which it is to count once.
    void rerun_on_conflict() noexcept { may_rerun_ = true; }

    /// True until the session is first stored.
    [[nodiscard]] bool is_new() const noexcept {
        was_asked_ = true;
        return !is_stored_;
    }

    /// Calls `effect` once, after the commit has succeeded and before the response is sent; never
    /// when the handler is run again or fails. What it throws is logged. It runs on the event
    /// loop's thread, also for blocking handlers: let it hand over what takes long.
    void after_commit(std::function<void()> effect) { effects_.push_back(std::move(effect)); }

private:
    friend class machine_record;
    friend class session_transaction;

    struct access {
        std::string key;
        bool was_read;
        bool was_written;
    };

    template <class T>
    static constexpr void check_type() {
        static_assert(
            requires { sizeof(json_codec<T>); },
            "cloakroom: to keep a value of this type in a session, include "
            "<cloakroom/json_fields.hpp> when it is a struct with `fields`, an enum, a list or a "
            "map; else include <cloakroom/json.hpp> and give the type a conversion that "
            "nlohmann_json knows");
    }

    // As the compiler writes the type, for messages.
    template <class T>
    static constexpr std::string_view name_of() noexcept {
        if constexpr (std::is_same_v<T, std::string>) {
            return "std::string";
        } else {
            std::string_view name = __PRETTY_FUNCTION__;
            name.remove_prefix(name.find("T = ") + 4);
            return name.substr(0, name.find_first_of(";]"));
        }
    }

    // Sessions that are to end with this transaction: one of the owner's, or all of them.
    struct ending {
        std::string owner;
        std::string handle;  // empty: all
        bool spares_this = false;
    };

    [[nodiscard]] std::optional<std::string_view> read(std::string_view key) const;
    void write(std::string_view key, std::string_view json);
    access& accessed(std::string_view key) const;
    void refuse_after_end(std::string_view what) const;
    [[noreturn]] static void refuse_type(std::string_view key, std::string_view json,
                                         std::string_view asked);

    session_values values_;
    std::string owner_;
    std::string label_;
    session_time issued_{};
    session_capabilities capabilities_;     // of the store
    mutable std::vector<access> accesses_;  // reused from request to request
    mutable std::size_t access_count_ = 0;
    mutable bool has_read_all_ = false;
    mutable bool was_asked_ = false;  // whether it is new
    bool is_stored_ = false;
    bool ends_ = false;
    bool renews_ = false;
    bool elevates_ = false;
    bool ends_others_ = false;
    bool may_rerun_ = false;
    std::string scratch_;
    std::vector<ending> endings_;
    std::vector<std::function<void()>> effects_;
};

}  // namespace cloakroom
