// SPDX-License-Identifier: MIT
// Takes JSON values off the front of a text, strictly, and appends each to another text in the form
// of Flask's cookie or in that of a session. Recurses no deeper than a cap.
#pragma once

#include "session/flask_tags.hpp"

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>

namespace cloakroom {

/// One pass over JSON. The input is checked in full: what is appended is always well-formed.
class flask_json_rewriter {
public:
    enum class purpose : std::uint8_t {
        read,     ///< From Flask's form to a session's; escapes of tags undone.
        collect,  ///< Adds what looks tagged to `tagged`. Appends Flask's form.
        write,    ///< To Flask's form: keys sorted, what looks tagged escaped unless it is in
                  ///< `tagged`.
    };

    /// What a value is.
    enum class shape : std::uint8_t {
        malformed,
        plain,
        tagged,   ///< An object of one key, a tag.
        escaped,  ///< An object of one key, a tag with the suffix of an escape.
    };

    /// @param tagged  May be null when reading, and when writing: then has_met_tag() is what counts.
    flask_json_rewriter(purpose what, std::string_view in, std::pmr::string& out,
                        flask_tagged_objects* tagged) noexcept
        : out_(out), tagged_(tagged), rest_(in), purpose_(what) {}

    /// Takes one value and the space around it. `depth` levels are around it.
    [[nodiscard]] shape value(std::size_t depth);

    /// Takes a string with its quotes; appends it with quotes.
    [[nodiscard]] bool string();

    /// Takes that character, and the space after it, if it is next. Appends nothing.
    [[nodiscard]] bool take(char character) noexcept;
    void skip_space() noexcept;

    [[nodiscard]] bool is_at_end() const noexcept { return rest_.empty(); }
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

    /// Whether an object that looks tagged was written without `tagged`.
    [[nodiscard]] bool has_met_tag() const noexcept { return has_met_tag_; }

private:
    [[nodiscard]] shape array(std::size_t depth);
    [[nodiscard]] shape object(std::size_t depth);
    [[nodiscard]] bool number();
    [[nodiscard]] bool word(std::string_view text);
    [[nodiscard]] std::size_t digits() noexcept;
    [[nodiscard]] shape finish_single(std::size_t start, shape inner);
    [[nodiscard]] std::string unescaped(std::size_t start) const;
    void escape(std::size_t start);

    std::pmr::string& out_;
    flask_tagged_objects* tagged_;
    std::string_view rest_;
    purpose purpose_;
    bool has_met_tag_ = false;
};

}  // namespace cloakroom
