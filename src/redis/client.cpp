// SPDX-License-Identifier: MIT
#include "redis/client.hpp"

#include "redis/command.hpp"
#include "redis/key_slot.hpp"
#include "redis/sentinel.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>
#include <vector>

namespace cloakroom::redis {
namespace {

// A command that is sent on so often goes in circles.
constexpr unsigned most_hops = 8;

// So many servers of a cluster are known at a time.
constexpr std::size_t most_nodes = 1'024;

std::shared_ptr<const node_settings> make_node_settings(const client_settings& from) {
    return std::make_shared<const node_settings>(
        node_settings{.as = {.user = from.url.user,
                             .password = from.url.password,
                             .database = from.url.database,
                             .wants_master = !from.url.master.empty()},
                      .tls = from.tls,
                      .connect_time = from.connect_time});
}

// So many the locator gives in turn. Sentinels are asked all at each attempt.
unsigned addresses_of(const server_url& url) {
    return url.master.empty() ? static_cast<unsigned>(url.servers.size()) : 1;
}

task<server_address> always(server_address address) {
    co_return address;
}

}  // namespace

client::client(boost::asio::any_io_executor executor,
               std::shared_ptr<const client_settings> settings)
    : executor_(std::move(executor)),
      settings_(std::move(settings)),
      node_settings_(make_node_settings(*settings_)),
      home_(std::make_shared<node>(executor_, node_settings_, locator(),
                                   addresses_of(settings_->url))) {
    if (settings_->cache_bytes != 0) {
        feed_ =
            std::make_shared<invalidation_feed>(executor_, node_settings_, home_, settings_->prefix,
                                                settings_->stale_time, settings_->cache_bytes);
    }
}

// Of the server that is asked first.
node::locator client::locator() const {
    return [settings = settings_, executor = executor_](unsigned attempt) {
        const server_url& url = settings->url;
        return url.master.empty()
                   ? always(url.servers[attempt % url.servers.size()])
                   : find_master(executor, url, settings->tls, settings->connect_time, attempt);
    };
}

task<reply> client::run(std::uint16_t slot, std::string command, bool stays) {
    journey on{.slot = slot,
               .command = std::move(command),
               .deadline = clock::now() + settings_->answer_time,
               .at = node_of(slot),
               .stays = stays};
    reply answer;
    for (bool is_arrived = false; !is_arrived;) {
        std::string bytes = on.asks ? make_command({"ASKING"}) + on.command : on.command;
        const node_pointer at = on.at;
        answer = co_await at->run(std::move(bytes), on.deadline, on.asks ? 2 : 1);
        on.asks = false;
        is_arrived = !co_await goes_on(on, answer);
    }
    answer.sent += on.sent;
    co_return answer;
}

// Whether another server is to be asked, or the same one again.
task<bool> client::goes_on(journey& on, reply& answer) {
    const bool is_moving =
        answer.is_error("TRYAGAIN") || (answer.is_error("ASK") && on.stays);  // just now
    on.hops += is_moving ? 0 : 1;
    if (on.hops >= most_hops || clock::now() >= on.deadline) {
        co_return false;
    }
    if (answer.sent > 1 && answer.is(reply::kind::error)) {  // not the last time, perhaps before
        on.sent += std::exchange(answer.sent, 1) - 1;
    }
    if (is_moving) {
        co_return co_await pause(on);
    }
    if (answer.is_error("MOVED") || answer.is_error("ASK")) {
        follow(on, answer.text, answer.is_error("MOVED"));
        co_return true;
    }
    if (answer.is_error("READONLY")) {  // a master that has become a replica
        on.at->reconnect();
        if (on.hops > 1) {
            co_return false;
        }
        co_return co_await pause(on);
    }
    if (answer.is(reply::kind::none)) {
        on.sent += std::exchange(answer.sent, 0);
        co_return try_another(on);
    }
    co_return false;
}

// "MOVED 3999 127.0.0.1:6381", with no host when it is the one that answered.
void client::follow(journey& on, std::string_view redirection, bool is_for_good) {
    std::string text{redirection.substr(redirection.rfind(' ') + 1)};
    if (text.starts_with(":")) {
        text.insert(0, on.at->address().host);
    }
    server_address to;
    if (!parse_address(text, to)) {
        return;
    }
    on.at = node_at(to);
    on.asks = !is_for_good;
    if (is_for_good) {
        slots_[on.slot] = on.at;
    }
}

// Where a server of a cluster does not answer, another one knows who has taken over.
bool client::try_another(journey& on) {
    if (others_.empty()) {
        return false;
    }
    std::erase_if(slots_, [&](const auto& each) { return each.second == on.at; });
    std::vector<node_pointer> all{home_};
    for (const auto& [address, each] : others_) {
        all.push_back(each);
    }
    const auto found = std::find(all.begin(), all.end(), on.at);
    const std::size_t next = static_cast<std::size_t>(found - all.begin()) + 1;
    on.at = all[next % all.size()];
    return true;
}

// @return Whether there is time for more. A command whose time is over would break its connection.
task<bool> client::pause(const journey& on) const {
    constexpr std::chrono::milliseconds length{50};
    if (clock::now() + 2 * length > on.deadline) {
        co_return false;
    }
    boost::asio::steady_timer timer(executor_, length);
    auto expiry = timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    co_await std::move(expiry);
    co_return true;
}

client::node_pointer client::node_of(std::uint16_t slot) const {
    const auto found = slots_.find(slot);
    return found == slots_.end() ? home_ : found->second;
}

client::node_pointer client::node_at(const server_address& address) {
    node_pointer& found = others_[address.text()];
    if (found == nullptr) {
        if (others_.size() > most_nodes) {
            others_.erase(address.text());
            return home_;
        }
        found = std::make_shared<node>(executor_, node_settings_,
                                       [address](unsigned) { return always(address); });
    }
    return found;
}

task<reply> client::run(std::uint16_t slot, script_call call) {
    reply answer = co_await run(slot, call.by_sha1(), call.has_other_keys());
    if (answer.is_error("NOSCRIPT")) {
        const unsigned sent = answer.sent;
        answer = co_await run(slot, call.by_text(), call.has_other_keys());
        answer.sent += sent - 1;
    }
    co_return answer;
}

// The feed is of one server, so a cluster has no cache.
std::shared_ptr<session_cache> client::cache() {
    return feed_ == nullptr || !others_.empty() ? nullptr : feed_->current();
}

void client::changes(std::string_view key) {
    if (feed_ != nullptr) {
        feed_->drop(key);
    }
}

void client::changes_others() {
    if (feed_ != nullptr) {
        feed_->clear();
    }
}

void client::close() noexcept {
    if (feed_ != nullptr) {
        feed_->close();
    }
    home_->close();
    for (const auto& [address, each] : others_) {
        each->close();
    }
}

}  // namespace cloakroom::redis
