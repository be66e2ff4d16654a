// SPDX-License-Identifier: MIT
// The smallest session store that keeps to every rule: one map behind one lock. What the contract is
// tried on, and what the stores that break a rule are made of.
#pragma once

#include <cloakroom/session_store.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {

/// Promises all but to be bounded.
class reference_store : public session_store {
public:
    using operation = session_change::operation;

    struct entry {
        session_record record;
        session_version version = 1;
        std::string handle;
    };

    [[nodiscard]] session_capabilities capabilities() const noexcept override {
        return {.compare_and_swap = true,
                .revocable = true,
                .ends_by_owner = true,
                .owner_index = true,
                .confidential = true};
    }

    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override {
        const std::optional<entry> found = find(token.text(), now);
        if (!found) {
            return token.text().size() == 43 ? session_load::absent : session_load::invalid;
        }
        into = {found->record, found->version};
        return session_load::found;
    }

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        const std::scoped_lock lock{mutex_};
        if (change.what == operation::insert) {
            into.version = 1;
            into.token.assign(put_new({change.record, 1, new_handle()}));
            return session_commit::committed;
        }
        if (change.what == operation::erase) {
            remove(change.token.text());
            return session_commit::committed;
        }
        std::optional<entry> stored = find(change.token.text(), now);
        if (!stored) {
            return session_commit::gone;
        }
        if (change.what == operation::touch) {
            stored->record.used = change.record.used;
            stored->record.idle_deadline =
                std::min(change.record.idle_deadline, stored->record.absolute_deadline);
            put(change.token.text(), *stored);
            return session_commit::committed;
        }
        if (stored->version != change.expected) {
            into.current = {stored->record, stored->version};
            return session_commit::conflict;
        }
        stored->record = change.record;
        into.version = ++stored->version;
        if (change.what == operation::rename) {
            remove(change.token.text());
            into.token.assign(put_new(*stored));
        } else {
            put(change.token.text(), *stored);
        }
        return session_commit::committed;
    }

    [[nodiscard]] session_load list(std::string_view owner, const session_token& current,
                                    session_time now, std::vector<session_summary>& into) override {
        const std::scoped_lock lock{mutex_};
        for (const auto& [token, each] : entries_) {
            if (each.record.owner == owner && !each.record.is_expired(now)) {
                into.push_back({each.handle, each.record.label, each.record.issued,
                                each.record.used, each.record.absolute_deadline,
                                token == current.text()});
            }
        }
        return session_load::found;
    }

    [[nodiscard]] session_commit end(std::string_view owner, std::string_view handle,
                                     session_time /*now*/) override {
        const std::scoped_lock lock{mutex_};
        std::erase_if(entries_, [&](const auto& each) {
            return each.second.record.owner == owner && each.second.handle == handle;
        });
        return session_commit::committed;
    }

    [[nodiscard]] session_commit end_all(std::string_view owner, const session_token* spared,
                                         session_time /*now*/) override {
        const std::scoped_lock lock{mutex_};
        std::erase_if(entries_, [&](const auto& each) {
            return each.second.record.owner == owner &&
                   (spared == nullptr || each.first != spared->text());
        });
        ++ends_of_all_;
        changes_.notify_all();
        return session_commit::committed;
    }

    // The parts, for stores that put them together wrongly. Each is one step to other threads.

    [[nodiscard]] std::optional<entry> find(std::string_view token, session_time now) {
        const std::scoped_lock lock{mutex_};
        const auto found = entries_.find(token);
        if (found == entries_.end() || found->second.record.is_expired(now)) {
            return std::nullopt;
        }
        return found->second;
    }

    void put(std::string_view token, const entry& what) {
        const std::scoped_lock lock{mutex_};
        entries_.insert_or_assign(std::string{token}, what);
    }

    /// @return The token.
    std::string put_new(const entry& what) {
        std::string token{session_token::random().text()};
        put(token, what);
        return token;
    }

    void remove(std::string_view token) {
        const std::scoped_lock lock{mutex_};
        if (const auto found = entries_.find(token); found != entries_.end()) {
            entries_.erase(found);
            changes_.notify_all();
        }
    }

    /// The token of the session with that handle; empty when there is none.
    [[nodiscard]] std::string token_of(std::string_view handle) {
        const std::scoped_lock lock{mutex_};
        for (const auto& [token, each] : entries_) {
            if (each.handle == handle) {
                return token;
            }
        }
        return {};
    }

    [[nodiscard]] std::string new_handle() {
        const std::scoped_lock lock{mutex_};
        return "handle " + std::to_string(++handles_);
    }

    /// Until another thread has done that, or for a moment: then there is none.
    void wait_until_removed(std::string_view token) {
        wait([&] { return entries_.find(token) == entries_.end(); });
    }
    void wait_until_all_are_ended() {
        wait([this, before = ends_of_all_.load()] { return ends_of_all_ != before; });
    }
    void wait_for_another_thread() {
        wait([this, mine = ++meeting_] { return meeting_ != mine; });
    }

private:
    template <class Condition>
    void wait(Condition condition) {
        std::unique_lock lock{mutex_};
        changes_.notify_all();
        changes_.wait_for(lock, std::chrono::milliseconds{20}, condition);
    }

    std::recursive_mutex mutex_;
    std::condition_variable_any changes_;
    std::map<std::string, entry, std::less<>> entries_;
    unsigned handles_ = 0;
    std::atomic<unsigned> ends_of_all_ = 0;
    std::atomic<unsigned> meeting_ = 0;
};

}  // namespace cloakroom
