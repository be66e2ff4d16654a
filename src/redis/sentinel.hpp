// SPDX-License-Identifier: MIT
// Asks Sentinel which server is the master now.
#pragma once

#include "redis/server_address.hpp"
#include "redis/transport.hpp"
#include <cloakroom/async.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>

namespace cloakroom::redis {

/// Asks the sentinels of the URL in turn, beginning with the one of that number, until one knows.
///
/// @param most_time  For each of them.
/// @throws link::broken when none does.
[[nodiscard]] task<server_address> find_master(boost::asio::any_io_executor executor,
                                               server_url url,
                                               std::shared_ptr<boost::asio::ssl::context> tls,
                                               std::chrono::milliseconds most_time, unsigned first);

}  // namespace cloakroom::redis
