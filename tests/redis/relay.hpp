// SPDX-License-Identifier: MIT
// Stands between the store and a real Redis, command by command: a test says what happens before or
// instead of each.
#pragma once

#include "redis/plain_client.hpp"
#include "redis/redis_server.hpp"
#include "redis/reply_reader.hpp"
#include "redis/scripted_server.hpp"
#include "redis/session_scripts.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace cloakroom::redis {

/// Redis knows all scripts from the start, so a change is one EVALSHA.
class relay {
public:
    using words = scripted_server::words;

    /// Has Redis execute a command. Gives its answer.
    using forwarding = std::function<std::string(const words& command)>;

    /// Answers a command, by `forward` or otherwise. Runs on a thread of the relay.
    using script = std::function<std::string(const words& command, const forwarding& forward)>;

    relay(const redis_server& server, script answer)
        : redis_(std::filesystem::path{server.unix_path()}), answer_(std::move(answer)) {
        const session_scripts all;
        for (const redis::script* each :
             {&all.insert, &all.replace, &all.rename, &all.retire, &all.confirm, &all.touch,
              &all.erase, &all.list, &all.end, &all.end_all}) {
            redis_.command({"SCRIPT", "LOAD", std::string{each->text()}});
        }
    }

    [[nodiscard]] std::uint16_t port() const noexcept { return server_.port(); }
    [[nodiscard]] std::size_t connections() const noexcept { return server_.connections(); }
    [[nodiscard]] std::vector<words> commands() const { return server_.commands(); }

private:
    std::string forward(const words& command) {
        redis_.send(encoded_command(command));
        reply_reader reader;
        std::string bytes;
        for (reply unused; reader.next(unused) == reply_reader::progress::incomplete;) {
            const std::string part = redis_.receive();
            reader.feed(part);
            bytes += part;
        }
        return bytes;
    }

    plain_client redis_;
    script answer_;
    scripted_server server_{[this](const words& command) {
        return answer_(command, [this](const words& each) { return forward(each); });
    }};
};

/// Whether it calls that script.
inline bool is_call(const relay::words& command, const script& which) {
    return command.size() > 1 && command[0] == "EVALSHA" && command[1] == which.sha1();
}

}  // namespace cloakroom::redis
