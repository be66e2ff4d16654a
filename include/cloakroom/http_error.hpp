// SPDX-License-Identifier: MIT
// The exception a handler may throw to end a request with an error response, and its content.
#pragma once

#include <cloakroom/status.hpp>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace cloakroom {

/// What is wrong with one field of the input.
struct field_error {
    std::string field;    ///< Its name, for example "page".
    std::string message;  ///< For example "expected an integer".
};

/// An error as the client sees it. Source: RFC 9457.
struct problem {
    cloakroom::status status = cloakroom::status::internal_server_error;
    std::string detail = {};               ///< One sentence for a person; may be empty.
    std::vector<field_error> errors = {};  ///< Empty unless single fields are at fault.
    /// Header fields for the response, such as Retry-After or WWW-Authenticate.
    std::vector<std::pair<std::string, std::string>> fields = {};
    /// More members of the JSON object, each a name and a JSON text, such as {"allowed",
    /// R"(["confirm"])"}; a page for people does not show them. A name is a letter and then
    /// letters, digits and "_", is given once, and is none of type, title, status, detail,
    /// instance and errors. Source: RFC 9457 section 3.2.
    std::vector<std::pair<std::string, std::string>> extensions = {};
};

/// Ends the request with an error response. What it says is sent to the client: put nothing in it
/// that the client must not know. Changes of the session are dropped.
///
/// The constructors throw std::invalid_argument for a status that is no error, and for an extension
/// with another name than problem::extensions says, or whose text is no JSON.
class http_error : public std::runtime_error {
public:
    explicit http_error(status code, std::string detail = {})
        : http_error(problem{code, std::move(detail), {}, {}}) {}

    explicit http_error(problem content)
        : std::runtime_error(content.detail), problem_(std::move(content)) {
        if (to_number(problem_.status) < 400 || to_number(problem_.status) > 599) {
            throw std::invalid_argument(
                "cloakroom: an http_error has a status from 400 to 599; return a response for "
                "any other");
        }
        if (!problem_.extensions.empty()) {
            check_extensions(problem_);
        }
    }

    [[nodiscard]] const problem& content() const noexcept { return problem_; }

private:
    static void check_extensions(const problem& content);

    problem problem_;
};

}  // namespace cloakroom
