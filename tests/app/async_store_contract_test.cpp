// SPDX-License-Identifier: MIT
// The contract of session stores, on stores that answer later.
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/testing/awaited_session_store.hpp>
#include <cloakroom/testing/faulty_async_session_store.hpp>
#include <cloakroom/testing/session_store_contract.hpp>

namespace cloakroom::testing {
namespace {

// Without a fault, so that it passes everything on.
INSTANTIATE_TEST_SUITE_P(AwaitedMemory, SessionStoreContract,
                         ::testing::Values(session_store_under_test{
                             .name = "AwaitedMemory", .make = [] {
                                 return std::make_shared<awaited_session_store>(
                                     std::make_shared<faulty_async_session_store>(
                                         std::shared_ptr<session_store>{memory_sessions()}));
                             }}));

}  // namespace
}  // namespace cloakroom::testing
