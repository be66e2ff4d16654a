// SPDX-License-Identifier: MIT
// What is thrown where a session holds what this program never stored in it.
#pragma once

#include <cloakroom/http_error.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace cloakroom {

/// The store gave what set() never stored. As any failure of a store it is 503, and its text is for
/// the log alone.
class broken_contents final : public http_error {
public:
    /// @param what  What is wrong, to be read after the key: "is no JSON".
    broken_contents(std::string_view key, std::string_view what)
        : http_error(problem{status::service_unavailable,
                             "The session store does not answer.",
                             {},
                             {{"Retry-After", "1"}}}),
          text_("session store: what it gave for the key \"" + std::string{key} + "\" " +
                std::string{what}) {}

    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

private:
    std::string text_;
};

}  // namespace cloakroom
