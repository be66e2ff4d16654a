// SPDX-License-Identifier: MIT
#include "redis/loop_clients.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace cloakroom::redis {

boost::asio::execution_context::id loop_clients::id;

void client_roster::add(const std::shared_ptr<client>& which) {
    const std::scoped_lock lock{mutex_};
    clients_.push_back(which);
}

void client_roster::remove(const client& which) noexcept {
    const std::scoped_lock lock{mutex_};
    std::erase_if(clients_, [&](const auto& each) { return each.get() == &which; });
}

// A loop that ends removes its client first, so those that are here have a loop for as long as the
// lock is held.
void client_roster::close_all() {
    const std::scoped_lock lock{mutex_};
    for (const std::shared_ptr<client>& each : clients_) {
        boost::asio::post(each->executor(), [each] { each->close(); });
    }
    clients_.clear();
}

client& loop_clients::of(const std::shared_ptr<client_roster>& store,
                         const boost::asio::any_io_executor& executor) {
    const auto found = entries_.find(store.get());
    if (found != entries_.end() && !found->second.store.expired()) {
        return *found->second.used;
    }
    std::erase_if(entries_, [](const auto& each) { return each.second.store.expired(); });
    auto made = std::make_shared<client>(executor, store->settings());
    store->add(made);
    return *(entries_[store.get()] = {store, std::move(made)}).used;
}

void loop_clients::shutdown() noexcept {
    for (auto& [ignored, each] : entries_) {
        if (const std::shared_ptr<client_roster> store = each.store.lock()) {
            store->remove(*each.used);
        }
    }
    entries_.clear();
}

}  // namespace cloakroom::redis
