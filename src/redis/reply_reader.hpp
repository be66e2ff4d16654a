// SPDX-License-Identifier: MIT
// Cuts the bytes that Redis sends into replies. hiredis parses; this bounds what it may hold.
#pragma once

#include "redis/reply.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct redisReader;

namespace cloakroom::redis {

/// Not thread-safe. After a failure nothing more comes out of it.
class reply_reader {
public:
    /// The most that one reply may take, and the most elements of one list. Ours are far below; a
    /// server that sends more is none.
    static constexpr std::size_t max_reply_bytes = 64UL * 1024 * 1024;
    static constexpr int max_elements = 64 * 1024;

    reply_reader();

    /// What a call of next() found.
    enum class progress { complete, incomplete, failed };

    /// Takes bytes as they came, cut anywhere.
    void feed(std::string_view bytes);

    /// The next reply, if it is complete.
    [[nodiscard]] progress next(reply& into);

    /// What is wrong, after a failure.
    [[nodiscard]] std::string error() const;

private:
    struct reader_deleter {
        void operator()(redisReader* reader) const noexcept;
    };
    std::unique_ptr<redisReader, reader_deleter> reader_;
    std::size_t held_bytes_ = 0;  // since the last complete reply
    bool is_too_large_ = false;
};

}  // namespace cloakroom::redis
