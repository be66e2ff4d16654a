// SPDX-License-Identifier: MIT
#include "instances.hpp"

#include "net/socket_client.hpp"
#include "transports.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace cloakroom::serialisability {
namespace {

constexpr std::chrono::seconds longest_start{20};

std::string contents_of(const std::filesystem::path& file) {
    std::ifstream stream{file};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

// The connections of one client, one to each instance.
class traveller {
public:
    traveller(const directory_of_instances& directory, unsigned seed)
        : directory_(&directory), connections_(directory.size()), random_(seed) {}

    answer send(std::string_view request) {
        std::optional<net::socket_client>& connection = choose();
        answer got = ask(*connection, request);
        if (got.status == 0) {
            connection.reset();
        }
        return got;
    }

private:
    // One to which a request can go.
    std::optional<net::socket_client>& choose() {
        for (;;) {
            const std::size_t first = random_() % connections_.size();
            for (std::size_t next = 0; next < connections_.size(); ++next) {
                const std::size_t which = (first + next) % connections_.size();
                if (is_open(connections_[which], directory_->port(which))) {
                    return connections_[which];
                }
            }
            directory_->wait_for_any();
        }
    }

    // Connects if need be.
    static bool is_open(std::optional<net::socket_client>& connection, std::uint16_t port) {
        using std::chrono::milliseconds;
        if (connection && connection->is_readable(milliseconds{0})) {  // it has ended
            connection.reset();
        }
        if (!connection && port != 0) {
            try {
                connection.emplace(port);
            } catch (const std::system_error&) {  // it is down: its end is not known yet
            }
        }
        return connection.has_value();
    }

    static answer ask(net::socket_client& connection, std::string_view request) {
        if (!connection.try_send(request)) {
            return {};
        }
        if (!connection.is_readable(net::socket_client::longest_wait)) {
            throw std::runtime_error("an instance does not answer");
        }
        try {
            std::optional<net::socket_reply> got = connection.try_reply();
            return got ? answer{got->status, std::move(got->body), token_in(got->head)} : answer{};
        } catch (const std::runtime_error&) {  // it ended within the answer
            return {};
        }
    }

    const directory_of_instances* directory_;
    std::vector<std::optional<net::socket_client>> connections_;
    std::minstd_rand random_;
};

}  // namespace

std::uint16_t directory_of_instances::port(std::size_t which) const {
    const std::scoped_lock lock{mutex_};
    return ports_[which];
}

void directory_of_instances::set(std::size_t which, std::uint16_t port) {
    const std::scoped_lock lock{mutex_};
    ports_[which] = port;
    changed_.notify_all();
}

void directory_of_instances::wait_for_any() const {
    std::unique_lock lock{mutex_};
    const auto is_any_up = [this] {
        return std::any_of(ports_.begin(), ports_.end(), [](auto port) { return port != 0; });
    };
    if (!changed_.wait_for(lock, longest_start, is_any_up)) {
        throw std::runtime_error("no instance is up");
    }
}

instances::instances(std::size_t count, std::vector<std::string> words)
    : words_(std::move(words)), processes_(count), directory_(count) {
    words_.insert(words_.begin(), "transaction_server");
    for (std::size_t which = 0; which < count; ++which) {
        start(which);
    }
}

void instances::restart(std::size_t which) {
    directory_.set(which, 0);
    processes_[which].reset();
    start(which);
}

void instances::start(std::size_t which) {
    const std::filesystem::path log = logs_.path() / std::to_string(starts_++);
    redis::child_process& started =
        processes_[which].emplace(CLOAKROOM_TRANSACTION_SERVER, words_, log);
    const auto deadline = std::chrono::steady_clock::now() + longest_start;
    for (;;) {
        const std::string output = contents_of(log);
        const std::size_t colon = output.rfind(':');
        if (output.ends_with('\n') && output.starts_with("listening") &&
            colon != std::string::npos) {
            directory_.set(which, static_cast<std::uint16_t>(std::stoul(output.substr(colon + 1))));
            return;
        }
        if (started.has_ended() || std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error("an instance does not serve: " + output);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
}

transport instances::connect(unsigned seed) const {
    return [client = std::make_shared<traveller>(directory_, seed)](
               method verb, const std::string& target, const std::string& token) {
        return client->send(request_text(verb, target, token));
    };
}

instances::counts instances::count() const {
    counts sum;
    for (std::size_t which = 0; which < size(); ++which) {
        std::istringstream body{net::socket_client(directory_.port(which)).get("/counts").body};
        counts each;
        body >> each.runs >> each.conflicts;
        sum.runs += each.runs;
        sum.conflicts += each.conflicts;
    }
    return sum;
}

}  // namespace cloakroom::serialisability
