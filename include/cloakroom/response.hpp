// SPDX-License-Identifier: MIT
// A response: status, fields and body. A value; it is written to the peer only after the handler
// has returned it.
#pragma once

#include <cloakroom/cookie.hpp>
#include <cloakroom/open_file.hpp>
#include <cloakroom/status.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom {

/// What a handler answers. Content-Length, Date and Connection are the server's: it sets them.
class response {
public:
    /// 200 with no content.
    response() = default;

    /// That status with no content.
    ///
    /// @throws std::invalid_argument as status() does.
    explicit response(cloakroom::status code) { status(code); }

    /// @param content_type  For example "application/json".
    /// @throws std::invalid_argument as set() does.
    response(cloakroom::status code, std::string body, std::string_view content_type);

    /// 200 unless set.
    [[nodiscard]] cloakroom::status status() const noexcept { return status_; }
    /// The content, unless it is a file(): then empty. Valid until it is set again, or this ends.
    [[nodiscard]] std::string_view body() const noexcept {
        return kind_ == content_kind::view ? std::string_view{view_, other_bytes_} : owned_;
    }
    /// The file that is the content; null when the content is in memory. Valid as body().
    [[nodiscard]] const open_file* file() const noexcept {
        return kind_ == content_kind::file ? &file_ : nullptr;
    }
    /// How many bytes of content there are, be it of body() or of file().
    [[nodiscard]] std::size_t content_bytes() const noexcept {
        return kind_ == content_kind::owned ? owned_.size() : other_bytes_;
    }

    /// @throws std::invalid_argument for a code that is not from 200 to 599.
    response& status(cloakroom::status code) {
        if (to_number(code) < 200 || to_number(code) > 599) {
            refuse_status();
        }
        status_ = code;
        return *this;
    }

    /// Sets Content-Type to text/plain; charset=utf-8, at the least cost.
    response& set_text_type();

    /// Sets the content, and keeps it.
    response& body(std::string text) noexcept {
        owned_ = std::move(text);
        kind_ = content_kind::owned;
        return *this;
    }

    /// Refers to `text` and copies nothing. REQUIRES: `text` lives until the response is written:
    /// it is a literal, or part of the request.
    response& body_view(std::string_view text) noexcept {
        view_ = text.data();
        other_bytes_ = text.size();
        kind_ = content_kind::view;
        return *this;
    }

    /// Makes a file, or a part of one, the content. It is sent by the system, without a copy in the
    /// program, and closed when it is sent or the client has left. Middleware sees it as file(); its
    /// body() is empty then.
    response& body(open_file content) noexcept;

    /// The content, to be moved from; null when it is a body_view() or a file().
    [[nodiscard]] std::string* owned_body() noexcept {
        return kind_ == content_kind::owned ? &owned_ : nullptr;
    }

    /// Sets a field and removes others of that name.
    ///
    /// @throws std::invalid_argument when the name is no token; when the value has CR, LF, NUL or
    ///         another control character (which would let a value write fields of its own); for
    ///         Content-Length, Transfer-Encoding, Connection and Date, which are the server's; and
    ///         for Set-Cookie, of which one does not replace another: use set_cookie().
    response& set(std::string_view name, std::string_view value);

    /// Adds a field beside others of that name. Throws as set() does, but for Set-Cookie.
    response& add(std::string_view name, std::string_view value);

    /// Adds a Set-Cookie field. Throws as to_string(cookie) does.
    response& set_cookie(const cookie& value);

    /// Adds `token` to a list field such as Vary, unless it is there already.
    response& add_to_list(std::string_view name, std::string_view token);

    /// The first field of that name; empty if there is none. Valid until the next change.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;

    /// Removes all fields of that name.
    response& remove(std::string_view name);

    /// The fields as they go to the peer: "Name: value\r\n" each.
    [[nodiscard]] std::string_view field_lines() const noexcept { return fields_; }

    /// Closes the connection after this response.
    response& close() noexcept {
        closes_ = true;
        return *this;
    }
    [[nodiscard]] bool closes() const noexcept { return closes_; }

    /// As after construction, but keeps the memory for the next response.
    void reset() noexcept;

private:
    [[noreturn]] static void refuse_status();
    friend class own_fields;
    void append(std::initializer_list<std::string_view> pieces);

    enum class content_kind : std::uint8_t { owned, view, file };

    std::string fields_;
    std::string owned_;
    const char* view_ = nullptr;
    std::size_t other_bytes_ = 0;  // of a view or a file
    open_file file_;               // may also be one that other content has replaced: kind_ decides
    cloakroom::status status_ = cloakroom::status::ok;
    content_kind kind_ = content_kind::owned;
    bool closes_ = false;
};

/// 200 with text/plain; charset=utf-8.
[[nodiscard]] response text(std::string body);

/// 200 with text/html; charset=utf-8. What came from a user must be escaped: append_html_text().
[[nodiscard]] response html(std::string body);

/// A redirect, 303 unless said otherwise.
///
/// @param location  A URI reference, such as "/notes/7". Spaces and letters beyond ASCII, which a
///                  URI cannot hold, are percent-encoded. Where it comes from the client, check
///                  that it leads to this site: an open redirect helps phishing.
/// @throws std::invalid_argument when `location` has control characters.
[[nodiscard]] response redirect(std::string_view location, status code = status::see_other);

}  // namespace cloakroom
