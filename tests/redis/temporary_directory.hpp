// SPDX-License-Identifier: MIT
// A directory that goes with its object.
#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace cloakroom::redis {

/// A new directory under the system's temporary one, which only this user may read.
class temporary_directory {
public:
    /// @throws std::system_error when it cannot be made.
    temporary_directory() {
        std::string name = std::filesystem::temp_directory_path() / "cloakroom-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) {
            throw std::system_error(errno, std::generic_category(), "mkdtemp " + name);
        }
        path_ = name;
    }
    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;
    ~temporary_directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace cloakroom::redis
