// SPDX-License-Identifier: MIT
// Reads one JSON text from front to back, value by value, without building a tree of it. What the
// values mean is the business of the caller; json_fields.hpp reads whole C++ values with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cloakroom {

/// How deep arrays and objects may be nested in JSON that a client sends.
inline constexpr std::size_t max_json_depth = 64;

/// What a JSON value is, as far as its first character tells.
enum class json_kind { none, null, boolean, number, string, array, object };

/// Where a reader stands in a JSON text.
///
///     json_cursor at(R"({"sku":"apple","quantity":2})");
///     if (at.begin_object()) {
///         for (std::string_view name; at.next_member(name);) {
///             if (name != "quantity" || !at.read(quantity)) {
///                 at.skip_value();
///             }
///         }
///     }
///     const bool is_good = !at.failed() && at.at_end();
///
/// Two things can go wrong. A value may be of another type than is asked for, or a number out of
/// range: the call is false, the cursor stays before the value, and skip_value() goes on behind it.
/// Or the text is malformed, or nested deeper than max_json_depth: failed() is true from then on,
/// every call is false, and what was read before is not to be trusted.
///
/// Does not own the text. Allocates for strings with escapes alone. Source: RFC 8259; a byte order
/// mark at the beginning is passed over (section 8.1), text that is not UTF-8 is malformed.
class json_cursor {
public:
    explicit json_cursor(std::string_view text) noexcept;

    /// What comes next. Without a value there, as at the end, it is none and the cursor fails.
    [[nodiscard]] json_kind kind() noexcept;

    /// Steps into the object that is next.
    bool begin_object() noexcept;
    /// Steps to the value of the object's next member, or behind the object and is false. Members
    /// come as they are written, so a name may come twice: the last one counts.
    ///
    /// @param name  Valid until the next call, and no longer than the text.
    /// REQUIRES: the value of the member before was read, skipped or stepped through.
    bool next_member(std::string_view& name);

    /// Steps into the array that is next.
    bool begin_array() noexcept;
    /// Steps to the array's next element, or behind the array and is false. REQUIRES: as above.
    bool next_element() noexcept;

    /// Reads the value that is next. A number with a fraction or an exponent is no integer.
    bool read(bool& value) noexcept;
    bool read(long long& value) noexcept;
    bool read(unsigned long long& value) noexcept;
    bool read(double& value) noexcept;
    bool read(std::string& value);
    /// Steps behind the null that is next.
    bool read_null() noexcept;

    /// Steps behind the value that is next, of whatever type, and checks that it is well-formed.
    bool skip_value() noexcept;
    /// As skip_value(). @return The value as it is written; a view of the text; empty on failure.
    [[nodiscard]] std::string_view take_value() noexcept;

    /// Whether one whole value has been read, and only white space is left.
    [[nodiscard]] bool at_end() noexcept;

    /// Whether the text is malformed, or nested too deep.
    [[nodiscard]] bool failed() const noexcept { return fault_ != fault::none; }
    /// Whether it failed because of its depth.
    [[nodiscard]] bool is_too_deep() const noexcept { return fault_ == fault::too_deep; }
    /// How many bytes are behind the cursor; after a failure, about where that is.
    [[nodiscard]] std::size_t position() const noexcept {
        return static_cast<std::size_t>(at_ - begin_);
    }

private:
    enum class fault : std::uint8_t { none, malformed, too_deep };

    // A string between its quotes, as it is written.
    struct raw_string {
        std::string_view text;
        bool has_escapes = false;
    };

    bool fail(fault why = fault::malformed) noexcept;
    void skip_space() noexcept;
    bool skip_literal(std::string_view literal) noexcept;
    bool begin(bool is_object) noexcept;
    bool next(char closing) noexcept;
    bool next_name(raw_string& name) noexcept;
    bool next_in_container() noexcept;
    bool skip_or_begin() noexcept;
    bool scan_string(raw_string& into) noexcept;
    bool scan_escape() noexcept;
    template <class Number>
    bool read_number(Number& value) noexcept;

    const char* begin_;
    const char* at_;
    const char* end_;
    std::uint64_t is_object_ = 0;  // a bit a level, the innermost lowest
    std::size_t depth_ = 0;
    bool is_first_ = false;  // whether a container was just begun
    fault fault_ = fault::none;
    std::string name_;  // a member's name without its escapes
};

}  // namespace cloakroom
