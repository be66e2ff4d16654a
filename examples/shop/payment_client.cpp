// SPDX-License-Identifier: MIT
#include "payment_client.hpp"

#include <cloakroom/json_fields.hpp>
#include <cloakroom/setup_error.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <charconv>
#include <cstdint>
#include <utility>

namespace shop {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

using answer_parser = http::response_parser<http::string_body>;

payment_result failure(const beast::error_code& ec) {
    return {ec == beast::error::timeout ? payment_outcome::too_late : payment_outcome::unreachable,
            {}};
}

payment_result result_of(const http::response<http::string_body>& res) {
    charge_answer answer;
    const bool is_understood = res.result() == http::status::ok &&
                               cloakroom::json_codec<charge_answer>::decode(res.body(), answer);
    if (!is_understood) {
        return {payment_outcome::not_understood, {}};
    }
    return {payment_outcome::answered, std::move(answer.events)};
}

}  // namespace

payment_client::payment_client(std::string_view url, std::chrono::milliseconds time_limit)
    : time_limit_(time_limit) {
    constexpr std::string_view scheme = "http://";
    const std::size_t colon = url.rfind(':');
    boost::system::error_code ec;
    if (url.substr(0, scheme.size()) == scheme && colon > scheme.size()) {
        host_ = url.substr(scheme.size());
        std::uint16_t port = 0;
        const auto [end, error] =
            std::from_chars(url.data() + colon + 1, url.data() + url.size(), port);
        const std::string host{url.substr(scheme.size(), colon - scheme.size())};
        address_ = {asio::ip::make_address(host, ec), port};
        if (!ec && error == std::errc{} && end == url.data() + url.size() && port != 0) {
            return;
        }
    }
    throw cloakroom::setup_error(
        "--payments is http://ADDRESS:PORT, such as "
        "http://127.0.0.1:8081, not \"" +
        std::string{url} + "\"");
}

cloakroom::task<payment_result> payment_client::charge(charge_request asked,
                                                       std::string key) const {
    http::request<http::string_body> req(http::verb::post, "/charges", 11);
    req.set(http::field::host, host_);
    req.set(http::field::content_type, "application/json");
    req.set("Idempotency-Key", key);
    req.keep_alive(false);
    cloakroom::json_codec<charge_request>::encode(req.body(), asked);
    req.prepare_payload();

    beast::tcp_stream stream(co_await asio::this_coro::executor);
    stream.expires_after(time_limit_);  // for all that follows together
    beast::error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    co_await stream.async_connect(address_, token);
    if (ec) {
        co_return failure(ec);
    }
    co_await http::async_write(stream, req, token);
    if (ec) {
        co_return failure(ec);
    }
    beast::flat_buffer buffer(max_answer_bytes);
    answer_parser parser;
    parser.body_limit(max_answer_bytes);
    co_await http::async_read(stream, buffer, parser, token);
    if (ec) {
        co_return failure(ec);
    }
    co_return result_of(parser.get());
}

}  // namespace shop
