// SPDX-License-Identifier: MIT
#include "app/session_backend.hpp"

#include "app/store_answers.hpp"

#include <utility>

namespace cloakroom {
namespace {

class immediate_backend final : public session_backend {
public:
    explicit immediate_backend(std::shared_ptr<session_store> store) : store_(std::move(store)) {}

    void prepare(const session_setting& setting) override { store_->prepare(setting); }

    [[nodiscard]] session_capabilities capabilities() const noexcept override {
        return store_->capabilities();
    }

    void ping(exchange& /*on*/, session_time now, bool& answers) override {
        answers = false;
        answers = store_->ping(now);
    }

    void load(exchange& /*on*/, const session_token& token, session_time now, stored_session& into,
              session_load& outcome) override {
        outcome = session_load::failed;
        outcome = checked_load(store_->load(token, now, into), into, now);
    }

    void commit(exchange& /*on*/, const session_change& change, session_time now,
                session_committed& into, session_commit& outcome) override {
        outcome = session_commit::unavailable;
        outcome = checked_commit(store_->commit(change, now, into), change.what, into);
    }

    void list(exchange& /*on*/, std::string_view owner, const session_token& current,
              session_time now, std::vector<session_summary>& into,
              session_load& outcome) override {
        outcome = session_load::failed;
        outcome = checked_list(store_->list(owner, current, now, into));
    }

    void end(exchange& /*on*/, std::string_view owner, std::string_view handle, session_time now,
             session_commit& outcome) override {
        outcome = session_commit::unavailable;
        outcome = checked_end(store_->end(owner, handle, now));
    }

    void end_all(exchange& /*on*/, std::string_view owner, const session_token* spared,
                 session_time now, session_commit& outcome) override {
        outcome = session_commit::unavailable;
        outcome = checked_end(store_->end_all(owner, spared, now));
    }

private:
    std::shared_ptr<session_store> store_;
};

}  // namespace

std::unique_ptr<session_backend> make_backend(std::shared_ptr<session_store> store) {
    return std::make_unique<immediate_backend>(std::move(store));
}

}  // namespace cloakroom
