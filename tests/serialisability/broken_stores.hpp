// SPDX-License-Identifier: MIT
// Session stores with one fault each, of a kind that real ones have had. They are here to be found
// out.
#pragma once

#include "passing_store.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom::serialisability {

using operation = session_change::operation;

/// Replaces whatever is there: the last one wins.
class overwriting_store : public passing_store {
public:
    using passing_store::passing_store;

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        session_commit result = passing_store::commit(change, now, into);
        while (result == session_commit::conflict) {
            const session_change again{change.what, change.token, into.current.version,
                                       change.record};
            result = passing_store::commit(again, now, into);
        }
        return result;
    }
};

/// Sometimes loads what the session was before, as a replica that lags behind does.
class lagging_store : public passing_store {
public:
    using passing_store::passing_store;

    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override {
        const session_load result = passing_store::load(token, now, into);
        if (result != session_load::found) {
            return result;
        }
        const std::scoped_lock lock{mutex_};
        auto& [before, latest] = seen_[std::string{token.text()}];
        if (into.version > latest.version) {
            before = std::exchange(latest, into);
        }
        if (before.version != 0 && lags_()) {
            into = before;
        }
        return result;
    }

private:
    every_nth lags_{10};
    std::mutex mutex_;
    std::map<std::string, std::pair<stored_session, stored_session>> seen_;
};

/// Forgets to end sessions.
class reviving_store : public passing_store {
public:
    using passing_store::passing_store;

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        return change.what == operation::erase ? session_commit::committed
                                               : passing_store::commit(change, now, into);
    }
};

/// Sometimes does not find a session that is there.
class losing_store : public passing_store {
public:
    using passing_store::passing_store;

    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override {
        return loses_() ? session_load::absent : passing_store::load(token, now, into);
    }

private:
    every_nth loses_{50};
};

/// Sometimes loads the session that was loaded before, be it of somebody else.
class confusing_store : public passing_store {
public:
    using passing_store::passing_store;

    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override {
        const session_load result = passing_store::load(token, now, into);
        const std::scoped_lock lock{mutex_};
        if (result == session_load::found && last_.version != 0 && confuses_()) {
            std::swap(into, last_);
        } else if (result == session_load::found) {
            last_ = into;
        }
        return result;
    }

private:
    every_nth confuses_{20};
    std::mutex mutex_;
    stored_session last_;
};

/// Sometimes makes a change and says that it has not.
class denying_store : public passing_store {
public:
    using passing_store::passing_store;

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        const session_commit result = passing_store::commit(change, now, into);
        return change.what == operation::replace && denies_() ? session_commit::gone : result;
    }

private:
    every_nth denies_{20};
};

/// Merges a change with that of another one where they wrote different keys, whatever they read:
/// snapshot isolation.
class merging_store : public passing_store {
public:
    using passing_store::passing_store;

    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override {
        const session_load result = passing_store::load(token, now, into);
        if (result == session_load::found) {
            const std::scoped_lock lock{mutex_};
            seen_[{std::string{token.text()}, into.version}] = into.record.values;
        }
        return result;
    }

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        session_commit result = passing_store::commit(change, now, into);
        while (change.what == operation::replace && result == session_commit::conflict) {
            const std::optional<session_values> base = base_of(change);
            session_record merged = change.record;
            if (!base || !merge(*base, into.current.record.values, merged.values)) {
                return result;
            }
            const session_change again{change.what, change.token, into.current.version, merged};
            result = passing_store::commit(again, now, into);
        }
        return result;
    }

private:
    // What the change is based on; none if it was never loaded.
    [[nodiscard]] std::optional<session_values> base_of(const session_change& change) {
        const std::scoped_lock lock{mutex_};
        const auto found = seen_.find({std::string{change.token.text()}, change.expected});
        return found == seen_.end() ? std::nullopt : std::optional{found->second};
    }

    // Takes their changes of `base` over into `mine`. @return False where both changed a key.
    static bool merge(const session_values& base, const session_values& theirs,
                      session_values& mine) {
        bool is_possible = true;
        const session_values before = mine;
        const auto take = [&](std::string_view key, std::string_view) {
            const auto their_value = theirs.find(key);
            if (their_value == base.find(key)) {
                return;
            }
            is_possible = is_possible && before.find(key) == base.find(key);
            if (their_value) {
                mine.set(key, *their_value);
            } else {
                mine.erase(key);
            }
        };
        base.for_each(take);
        theirs.for_each(take);
        return is_possible;
    }

    std::mutex mutex_;
    std::map<std::pair<std::string, session_version>, session_values> seen_;
};

}  // namespace cloakroom::serialisability
