// SPDX-License-Identifier: MIT
// What Redis executes to change sessions: one Lua script a change, each atomic, each such that its
// repetition after a lost answer is recognised. The layouts are those of session_value.hpp and
// session_place.hpp.
#pragma once

#include "redis/script.hpp"

namespace cloakroom::redis {

/// KEYS and ARGV stand beside each. Of the arguments these are everywhere the same:
///
///     now      the caller's clock, seconds since 1970
///     base     what all keys of the shard begin with
///     member   the digest of the session's token
///     id       8 bytes that name this commit, and no other
///     ttl      milliseconds until Redis may forget the key
///
/// "committed", "gone" and the like are what a script returns; a conflict is a list with the value
/// as it is now.
struct session_scripts {
    /// KEYS session · ARGV now base member id version times contents ttl owner absolute limit index_ttl
    script insert;
    /// KEYS session · ARGV now id expected version times contents ttl
    script replace;
    /// KEYS old new · ARGV as of insert, then the old member and the expected version
    script rename;
    /// The first half of a rename to another shard.
    /// KEYS session · ARGV now base member id expected
    script retire;
    /// The second half: makes an insert with a short ttl last. Nothing is left to do where the
    /// owner's sessions have been ended since: that came after the rename, which has ended the old
    /// one. "lapsed" when the ttl is over.
    /// KEYS session · ARGV now id ttl
    script confirm;
    /// KEYS session · ARGV now used idle ttl
    script touch;
    /// KEYS session · ARGV base member
    script erase;
    /// KEYS index · ARGV now base owner. Returns digest, times and label of each in turn.
    script list;
    /// KEYS index · ARGV base handle. Returns how many it has ended.
    script end;
    /// KEYS index · ARGV base, the member to spare or "". Returns how many it has ended.
    script end_all;

    session_scripts();
};

}  // namespace cloakroom::redis
