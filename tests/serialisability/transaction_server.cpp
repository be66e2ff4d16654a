// SPDX-License-Identifier: MIT
// An instance of a service: the transaction app in a process of its own, its sessions in Redis.
//
//     transaction_server redis://127.0.0.1:6379 [MILLISECONDS [STALE_MILLISECONDS]]
//
// MILLISECONDS bounds what it waits for Redis; with STALE_MILLISECONDS it caches sessions, and
// serves none that has been out of date for longer. It serves on a free port, which it prints.
#include "transaction_app.hpp"
#include <cloakroom/async_session_store.hpp>
#include <cloakroom/redis_sessions.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <memory>
#include <string>

namespace cloakroom::serialisability {
namespace {

int serve(const std::string& url, const redis_session_settings& settings) {
    transaction_app served;
    const std::shared_ptr<async_session_store> store = redis_sessions(url, settings);
    served.sessions(store);
    served.provide(*store);
    served.get("/counts", [](service<std::atomic<std::uint64_t>> runs,
                             service<async_session_store> sessions) {
        return std::to_string(*runs) + ' ' + std::to_string(sessions->metrics().conflicts);
    });
    run_options options;
    options.port = 0;
    options.threads = 2;
    options.workers = 4;
    return served.run(options);
}

}  // namespace
}  // namespace cloakroom::serialisability

int main(int count, char** words) {
    if (count < 2) {
        std::cerr << "usage: transaction_server URL [MILLISECONDS [STALE_MILLISECONDS]]\n";
        return 2;
    }
    try {
        cloakroom::redis_session_settings settings;
        if (count > 2) {
            settings.answer_time = std::chrono::milliseconds{std::stol(words[2])};
            settings.connect_time = settings.answer_time;
        }
        if (count > 3) {
            settings.cache_bytes = 1024UL * 1024;
            settings.stale_time = std::chrono::milliseconds{std::stol(words[3])};
        }
        return cloakroom::serialisability::serve(words[1], settings);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
