// SPDX-License-Identifier: MIT
// The contract of session stores, on a store in a real Redis Cluster.
#include "redis/redis_cluster.hpp"
#include <cloakroom/redis_sessions.hpp>
#include <cloakroom/session_token.hpp>
#include <cloakroom/testing/awaited_session_store.hpp>
#include <cloakroom/testing/session_store_contract.hpp>

#include <memory>
#include <string>

namespace cloakroom::testing {
namespace {

// All in one cluster, each with a prefix of its own.
session_store_under_test on_cluster() {
    return {.name = "Cluster", .make = [] {
                const std::string name{session_token::random().text()};
                return std::make_shared<awaited_session_store>(
                    redis_sessions(redis::shared_cluster().url(),
                                   {.prefix = name + ":", .session_bytes = 64UL * 1024}));
            }};
}

INSTANTIATE_TEST_SUITE_P(Redis, SessionStoreContract, ::testing::Values(on_cluster()));

}  // namespace
}  // namespace cloakroom::testing
