// SPDX-License-Identifier: MIT
// The command line of cloakroom_load.
#pragma once

#include "plan.hpp"

#include <optional>
#include <string>
#include <variant>

namespace cloakroom::load {

struct options {
    plan wanted;
    bool prints_json = false;
    std::string json_file;  ///< Empty: standard output.
};

/// @return An exit status when --help, or a mistake that has been reported, ends the program.
/// @throws std::exception for what is wrong beyond one option's range.
std::variant<options, int> read_options(int argc, char** argv);

}  // namespace cloakroom::load
