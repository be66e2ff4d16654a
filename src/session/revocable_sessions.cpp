// SPDX-License-Identifier: MIT
#include "session/revocable_sessions.hpp"

#include "session/base64url.hpp"
#include "session/random_bytes.hpp"
#include <cloakroom/setup_error.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <system_error>
#include <utility>

namespace cloakroom {
namespace {

using operation = session_change::operation;
using answer = session_revocations::answer;
using outcome = session_revocations::outcome;

// A session's id as a JSON text, which is how the record has it.
class session_id {
public:
    // @throws std::system_error when the operating system gives no random bytes.
    [[nodiscard]] static session_id random() {
        std::array<char, id_bytes> bytes;
        fill_random(bytes);
        session_id made;
        made.json_.front() = '"';
        base64url_encode({bytes.data(), bytes.size()}, &made.json_[1]);
        made.json_.back() = '"';
        return made;
    }

    // Takes the id out of a session's values; empty when there is none.
    [[nodiscard]] static std::optional<session_id> taken_from(session_values& values) {
        const std::optional<std::string_view> json = values.find(session_id_key);
        session_id made;
        if (!json || json->size() != made.json_.size()) {
            return std::nullopt;
        }
        std::copy(json->begin(), json->end(), made.json_.begin());
        values.erase(session_id_key);
        return made;
    }

    [[nodiscard]] std::string_view json() const noexcept { return {json_.data(), json_.size()}; }
    [[nodiscard]] std::string_view text() const noexcept { return {&json_[1], json_.size() - 2}; }

private:
    static constexpr std::size_t id_bytes = 16;

    std::array<char, base64url_size(id_bytes) + 2> json_;
};

class revocable_store : public session_store {
public:
    revocable_store(std::unique_ptr<session_store> cookie, revocation_setting setting)
        : cookie_(std::move(cookie)),
          revocations_(std::move(setting.store)),
          policy_(setting.policy) {}

    void prepare(const session_setting& setting) override {
        longest_ = setting.absolute_time;
        revocations_->prepare(longest_);
        cookie_->prepare(setting);
    }

    [[nodiscard]] session_capabilities capabilities() const noexcept override {
        session_capabilities can = cookie_->capabilities();
        can.revocable = true;
        can.ends_by_owner = true;
        return can;
    }

    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override {
        std::optional<session_id> id;
        const session_load loaded = open(token, now, into, id);
        return loaded == session_load::found ? check(into.record, *id, now) : loaded;
    }

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        try {
            switch (change.what) {
                case operation::insert:
                    return insert(change.record, now, into);
                case operation::replace:
                case operation::touch:
                    return keep(change, now, into);
                case operation::rename:
                    return rename(change, now, into);
                case operation::erase:
                    return erase(change, now, into);
            }
        } catch (const std::system_error&) {  // no random bytes
        }
        return session_commit::unavailable;
    }

    [[nodiscard]] session_commit end_all(std::string_view owner, const session_token* spared,
                                         session_time now) override {
        stored_session stored;
        std::optional<session_id> id;
        if (spared != nullptr && open(*spared, now, stored, id) == session_load::failed) {
            return session_commit::unavailable;
        }
        if (revocations_->end_all(owner, id ? id->text() : std::string_view{}, now) ==
            outcome::unavailable) {
            return session_commit::unavailable;
        }
        // They have ended. A store that can tell whose they are may forget them, too.
        static_cast<void>(cookie_->end_all(owner, spared, now));
        return session_commit::committed;
    }

    [[nodiscard]] bool ping(session_time now) override { return cookie_->ping(now); }
    [[nodiscard]] session_metrics metrics() const override { return cookie_->metrics(); }

private:
    // Loads a session, which may have ended, and takes the id out of its values.
    session_load open(const session_token& token, session_time now, stored_session& into,
                      std::optional<session_id>& id) {
        const session_load loaded = cookie_->load(token, now, into);
        if (loaded != session_load::found) {
            return loaded;
        }
        id = session_id::taken_from(into.record.values);
        // What end_all() ended is remembered for so long: nothing may outlive that.
        const bool is_over = now >= into.record.issued + longest_;
        return id && !is_over ? session_load::found : session_load::absent;
    }

    session_load check(const session_record& record, const session_id& id, session_time now) {
        switch (revocations_->has_ended(id.text(), record.owner, record.issued, now)) {
            case answer::no:
                return session_load::found;
            case answer::yes:
                return session_load::absent;
            case answer::unknown:
                break;
        }
        return policy_ == when_unknown::accept ? session_load::found : session_load::failed;
    }

    // What a change is told of the session that it is about; committed: go on.
    static session_commit answer_to_change(session_load loaded) noexcept {
        switch (loaded) {
            case session_load::found:
                return session_commit::committed;
            case session_load::failed:
                return session_commit::unavailable;
            case session_load::absent:
            case session_load::invalid:
                break;
        }
        return session_commit::gone;
    }

    // A session under another id, issued late enough not to be ended by what ended its owner's.
    std::optional<session_record> issue(const session_record& record) {
        session_record made = record;
        made.values.set(session_id_key, session_id::random().json());
        if (const auto issued = revocations_->issue_time(record.owner, record.issued)) {
            made.issued = *issued;
        } else if (policy_ == when_unknown::refuse) {
            return std::nullopt;
        }
        return made;
    }

    session_commit insert(const session_record& record, session_time now, session_committed& into) {
        const session_token none;
        const std::optional<session_record> made = issue(record);
        return made ? cookie_->commit({operation::insert, none, 0, *made}, now, into)
                    : session_commit::unavailable;
    }

    // Replaces or touches. If the session ends meanwhile, what is signed here has its id and is
    // ended with it.
    session_commit keep(const session_change& change, session_time now, session_committed& into) {
        stored_session stored;
        std::optional<session_id> id;
        session_commit admitted = answer_to_change(open(change.token, now, stored, id));
        if (admitted == session_commit::committed) {
            admitted = answer_to_change(check(stored.record, *id, now));
        }
        if (admitted != session_commit::committed) {
            return admitted;
        }
        session_record record = change.record;
        record.values.set(session_id_key, id->json());
        // The id is remembered no longer than the first cookie that had it promised.
        record.issued = stored.record.issued;
        record.absolute_deadline =
            std::min(record.absolute_deadline, stored.record.absolute_deadline);
        return forward({change.what, change.token, change.expected, record}, now, into);
    }

    session_commit rename(const session_change& change, session_time now, session_committed& into) {
        stored_session stored;
        std::optional<session_id> id;
        const session_commit opened = answer_to_change(open(change.token, now, stored, id));
        if (opened != session_commit::committed) {
            return opened;
        }
        // The time of issue first: an end_all() before the check ends the old session, one after it
        // ends what has this time.
        const std::optional<session_record> made = issue(change.record);
        if (!made) {
            return session_commit::unavailable;
        }
        const session_commit admitted = answer_to_change(check(stored.record, *id, now));
        if (admitted != session_commit::committed) {
            return admitted;
        }
        const session_commit renamed =
            forward({change.what, change.token, change.expected, *made}, now, into);
        if (renamed != session_commit::committed) {
            return renamed;
        }
        // Nobody has the new token yet. Whoever ends the old id first has the session.
        const outcome ended = revocations_->end(id->text(), end_of(stored.record), now);
        if (ended == outcome::ended) {
            return session_commit::committed;
        }
        session_committed nothing;
        static_cast<void>(cookie_->commit({operation::erase, into.token, 0, *made}, now, nothing));
        into = {};
        return ended == outcome::was_ended ? session_commit::gone : session_commit::unavailable;
    }

    session_commit erase(const session_change& change, session_time now, session_committed& into) {
        stored_session stored;
        std::optional<session_id> id;
        session_load opened = open(change.token, now, stored, id);
        if (opened != session_load::found && opened != session_load::failed) {
            // Also when this cookie has run out of idle time: another one of the session may have
            // not.
            opened = open(change.token, session_time::min(), stored, id);
        }
        if (opened == session_load::failed) {
            return session_commit::unavailable;
        }
        if (id &&
            revocations_->end(id->text(), end_of(stored.record), now) == outcome::unavailable) {
            return session_commit::unavailable;
        }
        return cookie_->commit(change, now, into);
    }

    session_commit forward(const session_change& change, session_time now,
                           session_committed& into) {
        const session_commit committed = cookie_->commit(change, now, into);
        if (committed == session_commit::conflict) {
            into.current.record.values.erase(session_id_key);
        }
        return committed;
    }

    // When no cookie of the session is accepted any more.
    [[nodiscard]] session_time end_of(const session_record& record) const noexcept {
        return std::min(record.absolute_deadline, record.issued + longest_);
    }

    std::unique_ptr<session_store> cookie_;
    std::shared_ptr<session_revocations> revocations_;
    when_unknown policy_;
    std::chrono::seconds longest_{};
};

}  // namespace

std::unique_ptr<session_store> revocable(std::unique_ptr<session_store> cookie,
                                         revocation_setting setting) {
    if (!setting.store) {
        throw setup_error(
            "revocations: no store is given; give one, for example memory_revocations()");
    }
    return std::make_unique<revocable_store>(std::move(cookie), std::move(setting));
}

}  // namespace cloakroom
