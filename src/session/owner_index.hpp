// SPDX-License-Identifier: MIT
// Which sessions an owner has. It knows the digests of sessions, not the sessions, and decides by
// its links which of them go beyond the limit of an owner; what ends them is the store.
#pragma once

#include "session/growing_table.hpp"
#include "session/use_order.hpp"
#include <cloakroom/session_record.hpp>
#include <cloakroom/session_token.hpp>

#include <array>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {

struct indexed_owner;

/// The place of a session in the index. It must not move while it has an owner.
///
/// A link is *listed* from add() on, until the session ends. A session whose link has been taken
/// out by take_all(), take() or add() is about to be ended by its digest. What gives it another
/// digest or owner asks pass_on() first, so that no such session gets away.
struct owner_link {
    indexed_owner* owner = nullptr;                      // of the session, under its lock
    const session_token::digest_type* digest = nullptr;  // that of the session, unchanging
    session_time used{};                                 // of the session, under its lock
    owner_link* newer = nullptr;                         // the rest: of the index
    owner_link* older = nullptr;
    bool is_listed = false;
};

/// One owner; there for as long as a link has it.
struct indexed_owner {
    indexed_owner* next_in_bucket = nullptr;
    std::size_t name_hash = 0;
    std::string name;
    use_order<owner_link> links;
    std::size_t listed = 0;
    std::size_t holders = 0;

    [[nodiscard]] std::size_t hash() const noexcept { return name_hash; }
};

/// Owners by name. Thread-safe, in that each member may be called while the caller holds the lock
/// of the link's session: none calls back or takes another lock meanwhile.
class owner_index {
public:
    using digest_type = session_token::digest_type;
    using handle_type = std::array<unsigned char, 16>;

    /// @throws std::system_error when the operating system gives no random bytes.
    explicit owner_index(std::size_t sessions_per_owner);

    /// Gives the link an owner. Until release() the owner's name stays where it is and may be read.
    /// REQUIRES: a name of session_record::max_name_bytes at most.
    ///
    /// @throws std::bad_alloc only, with no effect.
    void acquire(owner_link& link, std::string_view name);

    /// Takes the link out if it is listed, and its owner from it if it has one.
    void release(owner_link& link) noexcept;

    /// Lists a link that has an owner as the one used last.
    ///
    /// @return The session that had been used least recently, if it is one too many for the owner.
    [[nodiscard]] std::optional<digest_type> add(owner_link& link) noexcept;

    /// Lists `to` in the place of `from`; either is null or without an owner where there is none.
    /// With one owner for both that is done at one go.
    ///
    /// @param surplus  Gets what add() returns.
    /// @return False, with nothing done, when `from` has been taken out before: its session is
    ///         about to be ended.
    [[nodiscard]] bool pass_on(owner_link* from, owner_link* to,
                               std::optional<digest_type>& surplus) noexcept;

    /// Notes that the session was used; looks no closer than a second.
    void use(owner_link& link, session_time now) noexcept {
        if (link.used != now) {
            link.used = now;
            move_up(link);
        }
    }

    /// The sessions of an owner. Takes time and memory by their number, as the two that follow.
    [[nodiscard]] std::vector<digest_type> find_all(std::string_view name);

    /// Takes all sessions of an owner out at one go, but for `spared` if it is not null.
    [[nodiscard]] std::vector<digest_type> take_all(std::string_view name,
                                                    const digest_type* spared);

    /// Takes the session out whose digest begins with `handle`.
    [[nodiscard]] std::optional<digest_type> take(std::string_view name, const handle_type& handle);

private:
    // Owners under one lock. On a cache line of its own.
    struct alignas(64) part {
        std::mutex mutex;
        growing_table<indexed_owner> owners;
    };

    [[nodiscard]] std::size_t hash_of(std::string_view name) const noexcept;
    [[nodiscard]] part& part_of(std::size_t hash) noexcept;
    [[nodiscard]] static indexed_owner* find(const part& in, std::size_t hash,
                                             std::string_view name) noexcept;
    static void list(owner_link& link) noexcept;
    static void unlist(owner_link& link) noexcept;
    void move_up(owner_link& link) noexcept;

    std::size_t sessions_per_owner_;
    std::array<char, 16> secret_{};  // lest a client choose names that share a bucket
    std::array<part, 64> parts_;
};

}  // namespace cloakroom
