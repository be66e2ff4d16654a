// SPDX-License-Identifier: MIT
#include <cloakroom/command_line.hpp>
#include <cloakroom/setup_error.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>

namespace cloakroom {

command_line::command_line(int argc, const char* const* argv) {
    program_ = argc > 0 ? argv[0] : "program";
    for (int index = 1; index < argc; ++index) {
        const std::string_view text = argv[index];
        const std::size_t equals = text.find('=');
        if (equals != std::string_view::npos) {
            arguments_.push_back({std::string{text.substr(0, equals)},
                                  std::string{text.substr(equals + 1)}, true, false});
        } else if (index + 1 < argc && std::string_view{argv[index + 1]}.substr(0, 2) != "--") {
            arguments_.push_back({std::string{text}, argv[++index], true, false});
        } else {
            arguments_.push_back({std::string{text}, {}, false, false});
        }
    }
}

std::string command_line::value(std::string_view name, std::string_view fallback,
                                std::string_view help) {
    std::string described{help};
    if (!fallback.empty()) {
        described += " (" + std::string{fallback} + ")";
    }
    help_.emplace_back(name, std::move(described));
    std::string result{fallback};
    for (argument& each : arguments_) {
        if (each.name == name) {
            if (!each.has_value) {
                throw setup_error(each.name + " needs a value\n" + usage());
            }
            each.is_asked_for = true;
            result = each.value;
        }
    }
    return result;
}

unsigned long command_line::number(std::string_view name, unsigned long fallback,
                                   unsigned long most, std::string_view help) {
    const std::string text = value(name, std::to_string(fallback), help);
    unsigned long result = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, result);
    if (error != std::errc{} || rest != end || result > most) {
        throw setup_error(std::string{name} + " takes a number from 0 to " + std::to_string(most) +
                          ", not \"" + text + "\"");
    }
    return result;
}

run_options command_line::run_options() {
    cloakroom::run_options options;
    options.host = value("--host", options.host, "address to listen on");
    options.port = static_cast<std::uint16_t>(number("--port", options.port,
                                                     std::numeric_limits<std::uint16_t>::max(),
                                                     "port to listen on; 0 picks a free one"));
    options.threads =
        static_cast<unsigned>(number("--threads", 0, 1024, "event loops; 0 is one a core"));
    options.workers = static_cast<unsigned>(
        number("--workers", 0, 4096, "threads for blocking handlers; 0 chooses by the cores"));
    const std::string mode =
        value("--deployment", "automatic", "automatic, development or production: see README");
    if (mode == "development") {
        options.deployment = deployment::development;
    } else if (mode == "production") {
        options.deployment = deployment::production;
    } else if (mode != "automatic") {
        throw setup_error("--deployment is automatic, development or production, not \"" + mode +
                          "\"");
    }
    for (const argument& each : arguments_) {
        if (!each.is_asked_for) {
            throw setup_error(
                (each.name == "--help" ? std::string{} : "unknown argument " + each.name + "\n") +
                usage());
        }
    }
    return options;
}

std::string command_line::usage() const {
    std::size_t width = 0;
    for (const auto& [name, text] : help_) {
        width = std::max(width, name.size());
    }
    std::string result = "usage: " + program_ + " [--name value]...\n";
    for (const auto& [name, text] : help_) {
        result += "  " + name;
        result.append(width - name.size() + 2, ' ');
        result += text + "\n";
    }
    return result;
}

}  // namespace cloakroom
