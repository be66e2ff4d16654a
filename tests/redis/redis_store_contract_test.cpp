// SPDX-License-Identifier: MIT
// The contract of session stores, on a store in a real Redis.
#include "redis/redis_server.hpp"
#include <cloakroom/redis_sessions.hpp>
#include <cloakroom/testing/awaited_session_store.hpp>
#include <cloakroom/testing/session_store_contract.hpp>

#include <memory>
#include <string>
#include <utility>

namespace cloakroom::testing {
namespace {

std::string url_of(const redis::redis_server& server,
                   const redis::redis_server_settings& settings) {
    const std::string address = "127.0.0.1:" + std::to_string(server.port());
    if (settings.unix_socket) {
        return "unix://" + server.unix_path();
    }
    if (settings.tls) {
        return "rediss://" + address + "/3?ca_file=" + server.ca_file();
    }
    if (settings.user.empty()) {
        return "redis://" + address;
    }
    return "redis://" + settings.user + ":" + settings.password + "@" + address;
}

// A store with the server that it is in, empty at first.
struct served_store {
    explicit served_store(const redis::redis_server_settings& settings)
        : server(settings),
          store(redis_sessions(url_of(server, settings), {.session_bytes = 64UL * 1024})) {}

    redis::redis_server server;
    awaited_session_store store;
};

session_store_under_test on_redis(std::string name, redis::redis_server_settings settings) {
    return {.name = std::move(name), .make = [settings] {
                const auto served = std::make_shared<served_store>(settings);
                return std::shared_ptr<session_store>(served, &served->store);
            }};
}

INSTANTIATE_TEST_SUITE_P(Redis, SessionStoreContract, ::testing::Values(on_redis("Tcp", {})));

}  // namespace
}  // namespace cloakroom::testing
