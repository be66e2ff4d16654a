// SPDX-License-Identifier: MIT
// The pieces that SVG is written from.
#pragma once

#include "machine/diagram_layout.hpp"

#include <string>
#include <string_view>

namespace cloakroom::diagrams {

/// Appends "12.5 7".
void append_point(std::string& out, point at);

/// Appends ` x="12.5"`.
void append_attribute(std::string& out, std::string_view name, double number);

/// Appends a name, as XML's characters or references to them.
void append_text(std::string& out, std::string_view text);

}  // namespace cloakroom::diagrams
