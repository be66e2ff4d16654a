// SPDX-License-Identifier: MIT
// The short way for the heads that nearly all clients send. It only ever accepts: what it does not
// take is left to Beast's parser (http1/head_parser.hpp), which takes or refuses it, and a test holds
// that what it takes Beast takes too, with the same meaning. It reads a head in one pass, where
// finding its end and having Beast read it are three.
#pragma once

#include "http1/request_parser.hpp"

#include <cstddef>
#include <string_view>

namespace cloakroom::http1 {

/// Reads a head from the start of `received` when all of it is there and plain: no empty line before
/// it, one space between the parts of its request line, CRLF at each line's end and nothing to refuse.
/// Sets `out` and, of `at`, what the fields say.
///
/// @return How many bytes the head takes, its blank line included; 0 when it is to be read otherwise,
///         `out` and `at` holding nothing of use.
/// @throws std::bad_alloc only, when `out.fields` grows.
[[nodiscard]] std::size_t read_plain_head(std::string_view received, const limits& allowed,
                                          host_check& is_host, progress& at, request::parts& out);

}  // namespace cloakroom::http1
