// SPDX-License-Identifier: MIT
#include "app/session_backend.hpp"
#include <cloakroom/async_session_store.hpp>

#include <exception>
#include <utility>

namespace cloakroom {
namespace {

class awaiting_backend final : public session_backend {
public:
    explicit awaiting_backend(std::shared_ptr<async_session_store> store)
        : store_(std::move(store)) {}

    void prepare(const session_setting& setting) override { store_->prepare(setting); }

    [[nodiscard]] session_capabilities capabilities() const noexcept override {
        return store_->capabilities();
    }

    void load(exchange& on, const session_token& token, session_time now, stored_session& into,
              session_load& outcome) override {
        start(on, store_->load(token, now, into), outcome);
    }

    void commit(exchange& on, const session_change& change, session_time now,
                session_committed& into, session_commit& outcome) override {
        start(on, store_->commit(change, now, into), outcome);
    }

private:
    template <class Outcome>
    void start(exchange& on, task<Outcome>&& operation, Outcome& outcome) const {
        on.suspend();
        boost::asio::co_spawn(*static_cast<boost::asio::io_context*>(on.io_context()),
                              std::move(operation),
                              [&on, &outcome, held = on.hold(), store = store_](
                                  std::exception_ptr error, Outcome result) {
                                  if (error) {
                                      on.fail(std::move(error));
                                      return;
                                  }
                                  outcome = result;
                                  on.resume();
                              });
    }

    std::shared_ptr<async_session_store> store_;
};

}  // namespace

std::unique_ptr<session_backend> make_backend(std::shared_ptr<async_session_store> store) {
    return std::make_unique<awaiting_backend>(std::move(store));
}

}  // namespace cloakroom
