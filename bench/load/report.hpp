// SPDX-License-Identifier: MIT
// Results as a text for people and as JSON for programs, and what they mean for the exit status.
#pragma once

#include "plan.hpp"
#include "run.hpp"

#include <string>

namespace cloakroom::load {

/// Some lines for a terminal.
[[nodiscard]] std::string text_report(const plan& done, const results& found);

/// One object, with a line break at its end. bench/README.md says what is in it.
[[nodiscard]] std::string json_report(const plan& done, const results& found);

/// 0 when all answers were good, 1 when some were not or the schedule was not kept, 2 when there
/// was none to measure. What slow connections met does not count.
[[nodiscard]] int exit_status(const results& found) noexcept;

/// Why nothing could be measured, and what to do. REQUIRES: exit_status() is 2.
[[nodiscard]] std::string complaint(const plan& done, const results& found);

}  // namespace cloakroom::load
