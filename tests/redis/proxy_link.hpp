// SPDX-License-Identifier: MIT
// One connection through the faulty proxy: a client's socket and the server's behind it.
#pragma once

#include "proxy_faults.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <set>
#include <string>

namespace cloakroom::redis {

class proxy_link;

/// What the connections of one proxy share. Outlives them.
struct proxy_links {
    proxy_faults faults;
    std::set<std::shared_ptr<proxy_link>> open;

    /// Closes all connections by RST.
    void reset_all();
    /// Lets all end as the server would end them; what was forwarded to the server is run.
    void end_all();
};

/// Lives as long as it is among the open ones or an operation is under way. One thread.
class proxy_link : public std::enable_shared_from_this<proxy_link> {
public:
    proxy_link(boost::asio::ip::tcp::socket client, proxy_links& links);

    /// Connects to the server and forwards from then on. A link that was never started holds its
    /// client.
    void start(const boost::asio::ip::tcp::endpoint& server);

    /// Closes both sides by RST.
    void reset();

    /// Sends the client the end of the stream after what was forwarded, and the server after its
    /// commands. Whatever comes then is dropped.
    void end();

private:
    struct direction {
        boost::asio::ip::tcp::socket& from;
        boost::asio::ip::tcp::socket& to;
        boost::asio::steady_timer delay;
        std::array<char, 65'536> buffer{};
        std::string chunk{};
        bool is_writing = false;  // or waits to
        bool has_ended = false;
    };

    void read(direction& way);
    void take(direction& way);
    void write_later(direction& way, bool is_last);
    void write(direction& way, bool is_last);
    void has_written(direction& way, bool is_last, const boost::system::error_code& ec);
    void source_ended(direction& way, const boost::system::error_code& ec);
    void close();
    bool is_held() const { return links_.faults.now == proxy_faults::mode::black_hole; }

    boost::asio::ip::tcp::socket client_;
    boost::asio::ip::tcp::socket server_;
    proxy_links& links_;
    direction commands_;
    direction answers_;
    bool is_connected_ = false;
    bool is_ending_ = false;
    bool is_closed_ = false;
};

/// Closes a socket by RST.
void reset(boost::asio::ip::tcp::socket& socket);

}  // namespace cloakroom::redis
