// SPDX-License-Identifier: MIT
// A route pattern taken apart. The rules are those of include/cloakroom/pattern.hpp, all of them
// checked here; that header checks while compiling what it can.
//
//     pattern     = 1*( "/" segment )
//     segment     = literal / placeholder / tail     ; tail in the last segment only
//     placeholder = "{" name "}"                     ; one segment of a path, not empty
//     tail        = "{" name "...}"                  ; the rest of a path, also empty
//     name        = ( ALPHA / "_" ) *( ALPHA / DIGIT / "_" )
//     literal     = *( any byte but control characters / "{" / "}" / "?" / "#" / "%" / "/" )
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::routing {

/// The most placeholders a pattern may have, a wildcard tail included.
inline constexpr std::size_t max_path_values = 16;

/// The most segments a pattern may have, which bounds how far a lookup can backtrack.
inline constexpr std::size_t max_pattern_segments = 64;

/// What a pattern means.
struct route_pattern {
    /// The pattern without the names: "{}" for a placeholder, "{...}" for a tail. Two patterns with
    /// one shape take the same paths.
    std::string shape;
    /// The names, in the order of the values in a path.
    std::vector<std::string> names;
};

/// Takes a pattern apart.
///
/// @throws setup_error for what is no pattern, with what is wrong, at which byte offset, and what
///         to do about it.
[[nodiscard]] route_pattern parse_route_pattern(std::string_view pattern);

/// The text in double quotes, with control characters as \xNN, for messages.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace cloakroom::routing
