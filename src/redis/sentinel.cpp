// SPDX-License-Identifier: MIT
#include "redis/sentinel.hpp"

#include "redis/command.hpp"
#include "redis/link.hpp"

#include <cstddef>
#include <string>
#include <utility>

namespace cloakroom::redis {
namespace {

task<reply> ask_sentinel(std::shared_ptr<link> at, std::string master,
                         std::chrono::milliseconds most_time) {
    const login nobody;  // named, for GCC 12 copies its bytes alone where it is made in a co_await
    co_await at->open(most_time, nobody);
    std::string question = make_command({"SENTINEL", "get-master-addr-by-name", master});
    co_return co_await at->ask(std::move(question));
}

}  // namespace

task<server_address> find_master(boost::asio::any_io_executor executor, server_url url,
                                 std::shared_ptr<boost::asio::ssl::context> tls,
                                 std::chrono::milliseconds most_time, unsigned first) {
    std::string why = "it is not known to them";
    for (std::size_t number = 0; number < url.servers.size(); ++number) {
        const server_address& each = url.servers[(first + number) % url.servers.size()];
        const auto at = std::make_shared<link>(executor, each, tls);
        try {
            const reply answer = co_await ask_sentinel(at, url.master, most_time);
            server_address found;
            if (answer.is(reply::kind::list) && answer.elements.size() == 2 &&
                parse_address(answer.elements[0].text + ":" + answer.elements[1].text, found)) {
                at->abort();
                co_return found;
            }
        } catch (const link::broken& error) {
            why = error.what();
        }
        at->abort();
    }
    throw link::broken("no sentinel tells where the master " + url.master + " is: " + why);
}

}  // namespace cloakroom::redis
