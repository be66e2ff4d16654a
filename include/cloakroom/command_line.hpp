// SPDX-License-Identifier: MIT
// Run options from the command line, for small programs such as the examples.
#pragma once

#include <cloakroom/run_options.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {

/// Arguments of the form `--name value` or `--name=value`.
class command_line {
public:
    command_line(int argc, const char* const* argv);

    /// The value of `--name`, or `fallback`. Remembers `help` for the usage text.
    [[nodiscard]] std::string value(std::string_view name, std::string_view fallback,
                                    std::string_view help);

    /// The run options `--host --port --threads --workers --deployment`.
    ///
    /// @throws setup_error, with the usage text, for an argument nobody asked for, a missing value,
    ///         one that is no number where a number is needed, and for `--help`. Ask for values of
    ///         your own before.
    [[nodiscard]] cloakroom::run_options run_options();

private:
    struct argument {
        std::string name;
        std::string value;
        bool has_value;
        bool is_asked_for;
    };

    [[nodiscard]] unsigned long number(std::string_view name, unsigned long fallback,
                                       unsigned long most, std::string_view help);
    [[nodiscard]] std::string usage() const;

    std::string program_;
    std::vector<argument> arguments_;
    std::vector<std::pair<std::string, std::string>> help_;
};

}  // namespace cloakroom
