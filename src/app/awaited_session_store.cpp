// SPDX-License-Identifier: MIT
#include <cloakroom/async_session_store.hpp>
#include <cloakroom/testing/awaited_session_store.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <thread>
#include <utility>

namespace cloakroom::testing {

class awaited_session_store::event_loops {
public:
    explicit event_loops(unsigned count) : all_(count) {}

    template <class Outcome>
    Outcome await(task<Outcome> operation) {
        boost::asio::io_context& context = all_[turn_++ % all_.size()].context();
        return boost::asio::co_spawn(context, std::move(operation), boost::asio::use_future).get();
    }

private:
    // An event loop on a thread. What is still on it when it ends is destroyed.
    class loop {
    public:
        loop() : thread_([this] { context_.run(); }) {}
        loop(const loop&) = delete;
        loop& operator=(const loop&) = delete;
        ~loop() {
            context_.stop();
            thread_.join();
        }

        [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }

    private:
        boost::asio::io_context context_{1};
        boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
            context_.get_executor()};
        std::thread thread_;
    };

    std::vector<loop> all_;
    std::atomic<unsigned> turn_ = 0;
};

awaited_session_store::awaited_session_store(std::shared_ptr<async_session_store> inner,
                                             unsigned loops)
    : inner_(std::move(inner)),
      loops_(std::make_unique<awaited_session_store::event_loops>(loops)) {}

awaited_session_store::~awaited_session_store() = default;

void awaited_session_store::prepare(const session_setting& setting) {
    inner_->prepare(setting);
}

session_capabilities awaited_session_store::capabilities() const noexcept {
    return inner_->capabilities();
}

session_load awaited_session_store::load(const session_token& token, session_time now,
                                         stored_session& into) {
    return loops_->await(inner_->load(token, now, into));
}

session_commit awaited_session_store::commit(const session_change& change, session_time now,
                                             session_committed& into) {
    return loops_->await(inner_->commit(change, now, into));
}

session_load awaited_session_store::list(std::string_view owner, const session_token& current,
                                         session_time now, std::vector<session_summary>& into) {
    return loops_->await(inner_->list(owner, current, now, into));
}

session_commit awaited_session_store::end(std::string_view owner, std::string_view handle,
                                          session_time now) {
    return loops_->await(inner_->end(owner, handle, now));
}

session_commit awaited_session_store::end_all(std::string_view owner, const session_token* spared,
                                              session_time now) {
    return loops_->await(inner_->end_all(owner, spared, now));
}

bool awaited_session_store::ping(session_time now) {
    return loops_->await(inner_->ping(now));
}

session_metrics awaited_session_store::metrics() const {
    return inner_->metrics();
}

}  // namespace cloakroom::testing
