// SPDX-License-Identifier: MIT
// Takes commands out of the bytes that a client has sent. No I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::redis {

/// Reads arrays of bulk strings; inline commands it refuses.
class command_reader {
public:
    /// @param bytes  Kept until their command is whole.
    void add(std::string_view bytes) { received_ += bytes; }

    /// The next command; none when it is not whole yet.
    ///
    /// @throws std::runtime_error for what is no command, or one over a mebibyte.
    std::optional<std::vector<std::string>> next();

private:
    std::string received_;
};

}  // namespace cloakroom::redis
