// SPDX-License-Identifier: MIT
// A Lua script that Redis executes as one atomic step.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom::redis {

/// A script with the SHA-1 of its text, by which EVALSHA names it.
class script {
public:
    explicit script(std::string text);

    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    [[nodiscard]] std::string_view sha1() const noexcept { return sha1_; }  ///< In hexadecimal.

private:
    std::string text_;
    std::string sha1_;
};

/// A call of a script, ready to be sent. The script must outlive it.
class script_call {
public:
    /// @param words  So many keys, then the arguments. Not referred to afterwards.
    script_call(const script& which, std::size_t keys,
                std::initializer_list<std::string_view> words);

    /// Says that it uses keys besides those that it names. In a cluster some of them may be on
    /// another node while their slot is moving: it has to wait until that is over.
    [[nodiscard]] script_call&& with_other_keys() && {
        has_other_keys_ = true;
        return std::move(*this);
    }

    [[nodiscard]] bool has_other_keys() const noexcept { return has_other_keys_; }

    /// For a server that knows the script.
    [[nodiscard]] std::string by_sha1() const { return command("EVALSHA", which_->sha1()); }

    /// With all of the script.
    [[nodiscard]] std::string by_text() const { return command("EVAL", which_->text()); }

private:
    [[nodiscard]] std::string command(std::string_view verb, std::string_view what) const;

    const script* which_;
    std::size_t words_;
    std::string tail_;
    bool has_other_keys_ = false;
};

}  // namespace cloakroom::redis
