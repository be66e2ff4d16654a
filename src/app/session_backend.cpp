// SPDX-License-Identifier: MIT
#include "app/session_backend.hpp"

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

    void load(exchange& /*on*/, const session_token& token, session_time now, stored_session& into,
              session_load& outcome) override {
        outcome = store_->load(token, now, into);
    }

    void commit(exchange& /*on*/, const session_change& change, session_time now,
                session_committed& into, session_commit& outcome) override {
        outcome = store_->commit(change, now, into);
    }

private:
    std::shared_ptr<session_store> store_;
};

}  // namespace

std::unique_ptr<session_backend> make_backend(std::shared_ptr<session_store> store) {
    return std::make_unique<immediate_backend>(std::move(store));
}

}  // namespace cloakroom
