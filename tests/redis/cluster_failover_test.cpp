// SPDX-License-Identifier: MIT
// The store and a real Redis Cluster one of whose masters dies.
#include "redis/plain_client.hpp"
#include "redis/redis_cluster.hpp"
#include "redis/session_place.hpp"
#include "redis/store_sessions.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

namespace cloakroom::redis {
namespace {

TEST(ClusterFailover, MakesAReplicaTheMasterThatTheStoreFinds) {
    redis_cluster cluster{true,
                          "cluster-node-timeout 1000\ncluster-replica-validity-factor 0\n"
                          "cluster-require-full-coverage no"};
    store_on_loop store{cluster.url()};
    const session_token token = token_of(store, record_with("1", "alice"));
    const std::size_t master = cluster.master_of(place_of("cloakroom:", token).slot);
    redis_server& replica = cluster.node(master + redis_cluster::masters);
    ASSERT_TRUE(comes_true([&] { return replica.command({"DBSIZE"}) == "2"; }));
    ASSERT_EQ(replace(store, token, 1, record_with("2", "alice")).version, 2U);
    ASSERT_EQ(plain_client{cluster.node(master).port()}.command({"WAIT", "1", "10000"}), "1");

    cluster.node(master).kill();
    EXPECT_TRUE(comes_true([&] {
        return replace(store, token, 2, record_with("3", "alice")).outcome ==
               session_commit::committed;
    }));
    EXPECT_EQ(seen(store, token), "3 v3");
    EXPECT_EQ(store.list("alice", now).size(), 1U);
    store_on_loop fresh{cluster.url()};  // whose URL names the dead one
    EXPECT_EQ(seen(fresh, token), "3 v3");
}

}  // namespace
}  // namespace cloakroom::redis
