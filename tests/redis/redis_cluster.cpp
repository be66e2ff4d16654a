// SPDX-License-Identifier: MIT
#include "redis_cluster.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace cloakroom::redis {
namespace {

constexpr std::uint16_t slots = 16384;

std::uint16_t first_slot(std::size_t master) {
    return static_cast<std::uint16_t>(master * slots / redis_cluster::masters);
}

}  // namespace

redis_cluster::redis_cluster(bool has_replicas, const std::string& extra) {
    const std::size_t count = has_replicas ? 2 * masters : masters;
    for (std::size_t number = 0; number < count; ++number) {
        nodes_.push_back(
            std::make_unique<redis_server>(redis_server_settings{.cluster = true, .extra = extra}));
        const redis_server& made = *nodes_.back();
        ids_.push_back(made.command({"CLUSTER", "MYID"}));
        made.command({"CLUSTER", "SET-CONFIG-EPOCH", std::to_string(number + 1)});
        if (number < masters) {
            made.command({"CLUSTER", "ADDSLOTSRANGE", std::to_string(first_slot(number)),
                          std::to_string(first_slot(number + 1) - 1)});
        }
        if (number > 0) {
            made.command({"CLUSTER", "MEET", "127.0.0.1", std::to_string(nodes_[0]->port()),
                          std::to_string(nodes_[0]->cluster_port())});
        }
    }
    wait_until("know each other", "cluster_known_nodes:" + std::to_string(count));
    wait_until("know all slots", "cluster_slots_ok:" + std::to_string(slots));
    for (std::size_t number = masters; number < count; ++number) {
        nodes_[number]->command({"CLUSTER", "REPLICATE", ids_[number - masters]});
    }
    wait_until("serve", "cluster_state:ok");
}

std::string redis_cluster::url() const {
    std::string url = "redis://";
    for (std::size_t number = 0; number < masters; ++number) {
        url += (number > 0 ? ",127.0.0.1:" : "127.0.0.1:") + std::to_string(nodes_[number]->port());
    }
    return url;
}

std::size_t redis_cluster::master_of(std::uint16_t slot) const noexcept {
    std::size_t master = masters - 1;
    while (first_slot(master) > slot) {
        --master;
    }
    return master;
}

void redis_cluster::begin_move(std::uint16_t slot, std::size_t from, std::size_t to) {
    const std::string number = std::to_string(slot);
    nodes_[to]->command({"CLUSTER", "SETSLOT", number, "IMPORTING", ids_[from]});
    nodes_[from]->command({"CLUSTER", "SETSLOT", number, "MIGRATING", ids_[to]});
}

void redis_cluster::move_keys(const std::vector<std::string>& keys, std::size_t from,
                              std::size_t to) {
    std::vector<std::string> command{
        "MIGRATE", "127.0.0.1", std::to_string(nodes_[to]->port()), "", "0", "10000", "KEYS"};
    command.insert(command.end(), keys.begin(), keys.end());
    nodes_[from]->command(command);
}

void redis_cluster::end_move(std::uint16_t slot, std::size_t to) {
    const std::string number = std::to_string(slot);
    nodes_[to]->command({"CLUSTER", "SETSLOT", number, "NODE", ids_[to]});
    for (std::size_t each = 0; each < masters; ++each) {
        nodes_[each]->command({"CLUSTER", "SETSLOT", number, "NODE", ids_[to]});
    }
}

void redis_cluster::clear() {
    for (std::size_t number = 0; number < masters; ++number) {
        nodes_[number]->command({"FLUSHALL"});
    }
}

redis_cluster& shared_cluster() {
    static redis_cluster cluster;
    return cluster;
}

void redis_cluster::wait_until(std::string_view what, const std::string& line) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    for (const std::unique_ptr<redis_server>& each : nodes_) {
        while (each->command({"CLUSTER", "INFO"}).find(line + "\r\n") == std::string::npos) {
            if (std::chrono::steady_clock::now() > deadline) {
                throw std::runtime_error("the nodes of a cluster do not " + std::string{what});
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
    }
}

}  // namespace cloakroom::redis
