// SPDX-License-Identifier: MIT
#include <cloakroom/command_line.hpp>
#include <cloakroom/setup_error.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <utility>

namespace cloakroom {

int report(const setup_error& error) noexcept {
    const auto* const usage = dynamic_cast<const usage_error*>(&error);
    const bool is_help = usage != nullptr && usage->is_help();
    static_cast<void>(std::fprintf(is_help ? stdout : stderr, "%s\n", error.what()));
    if (usage == nullptr) {
        return 1;
    }
    return is_help ? 0 : 2;
}

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
                complain(each.name + " needs a value");
                each.is_asked_for = true;
                continue;
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
        complain(std::string{name} + " takes a number from 0 to " + std::to_string(most) +
                 ", not \"" + text + "\"");
        return fallback;
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
    options.notice_time = std::chrono::milliseconds{
        number("--notice-time", 0, 3'600'000,
               "ms from SIGTERM to the end of accepting, for load balancers to notice")};
    const std::string mode =
        value("--deployment", "automatic",
              "automatic, development or production (session cookies need HTTPS)");
    if (mode == "development") {
        options.deployment = deployment::development;
    } else if (mode == "production") {
        options.deployment = deployment::production;
    } else if (mode != "automatic") {
        complain("--deployment is automatic, development or production, not \"" + mode + "\"");
    }
    for (const argument& each : arguments_) {
        if (each.name == "--help") {
            throw usage_error(usage(), true);
        }
        if (!each.is_asked_for) {
            complain("unknown argument " + each.name);
        }
    }
    if (!complaint_.empty()) {
        throw usage_error(complaint_ + "\n" + usage(), false);
    }
    return options;
}

void command_line::complain(std::string text) {
    if (complaint_.empty()) {
        complaint_ = std::move(text);
    }
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
