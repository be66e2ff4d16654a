// SPDX-License-Identifier: MIT
// Run options from the command line, for small programs such as the examples.
#pragma once

#include <cloakroom/run_options.hpp>
#include <cloakroom/setup_error.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {

/// Thrown where there is nothing to run: what() is the usage text, after what is wrong.
class usage_error : public setup_error {
public:
    usage_error(const std::string& text, bool is_help) : setup_error(text), is_help_(is_help) {}

    /// Whether the user asked for it, with `--help`.
    [[nodiscard]] bool is_help() const noexcept { return is_help_; }

private:
    bool is_help_;
};

/// For main: prints what is wrong with the set-up.
///
/// @return The exit status: 1; 2 for a wrong command line; 0 for help, which goes to standard
///         output.
int report(const setup_error& error) noexcept;

/// Arguments of the form `--name value` or `--name=value`.
class command_line {
public:
    command_line(int argc, const char* const* argv);

    /// The value of `--name`, or `fallback`. Remembers `help` for the usage text. A value that is
    /// missing is complained of by run_options().
    [[nodiscard]] std::string value(std::string_view name, std::string_view fallback,
                                    std::string_view help);

    /// The run options `--host --port --threads --workers --notice-time --deployment`.
    ///
    /// @throws usage_error for an argument nobody asked for, a missing value, one that is no number
    ///         where a number is needed, and for `--help`. Ask for values of your own before.
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
    void complain(std::string text);
    [[nodiscard]] std::string usage() const;

    std::string program_;
    std::string complaint_;  // the first
    std::vector<argument> arguments_;
    std::vector<std::pair<std::string, std::string>> help_;
};

}  // namespace cloakroom
