// SPDX-License-Identifier: MIT
// Asks the payment service, over HTTP. What its answer means to a purchase is not known here.
#pragma once

#include "payment_messages.hpp"
#include <cloakroom/async.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace shop {

/// How asking ended. Whatever is not `answered` may have been charged or not: ask again, by the
/// same key.
enum class payment_outcome {
    answered,
    unreachable,     ///< No connection, or it broke.
    too_late,        ///< No answer in time.
    not_understood,  ///< Another status than 200, or other content.
};

struct payment_result {
    payment_outcome outcome = payment_outcome::unreachable;
    std::vector<payment_event> events;
};

/// A payment service. One connection for each question. Thread-safe.
class payment_client {
public:
    static constexpr std::size_t max_answer_bytes = 65'536;

    /// @param url         "http://127.0.0.1:8081": a numeric address and a port.
    /// @param time_limit  For one question, from the connection to the whole answer.
    /// @throws cloakroom::setup_error for another url.
    payment_client(std::string_view url, std::chrono::milliseconds time_limit);

    /// Has an order charged, once for each key, however often it is asked.
    [[nodiscard]] cloakroom::task<payment_result> charge(charge_request asked,
                                                         std::string key) const;

private:
    boost::asio::ip::tcp::endpoint address_;
    std::string host_;
    std::chrono::milliseconds time_limit_;
};

}  // namespace shop
