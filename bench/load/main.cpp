// SPDX-License-Identifier: MIT
// cloakroom_load URL: loads an HTTP server in a closed or an open loop, and tells how fast it
// answers. bench/README.md says how, and how exactly.
#include "options.hpp"
#include "report.hpp"
#include "run.hpp"

#include <unistd.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <variant>

namespace cloakroom::load {
namespace {

void write_file(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    if (!(file << text).flush()) {
        throw std::runtime_error("the --json file " + path + " cannot be written");
    }
}

int measure(const options& chosen) {
    const results found = run(chosen.wanted, ::isatty(STDERR_FILENO) == 1);
    if (!chosen.json_file.empty()) {
        write_file(chosen.json_file, json_report(chosen.wanted, found));
    }
    const int status = exit_status(found);
    if (chosen.prints_json && chosen.json_file.empty()) {
        std::fputs(json_report(chosen.wanted, found).c_str(), stdout);
    } else if (status != 2) {
        std::fputs(text_report(chosen.wanted, found).c_str(), stdout);
    }
    if (status == 2) {
        std::fprintf(stderr, "cloakroom_load: %s\n", complaint(chosen.wanted, found).c_str());
    }
    return status;
}

}  // namespace
}  // namespace cloakroom::load

int main(int argc, char** argv) {
    try {
        const auto read = cloakroom::load::read_options(argc, argv);
        const auto* const chosen = std::get_if<cloakroom::load::options>(&read);
        return chosen != nullptr ? cloakroom::load::measure(*chosen) : std::get<int>(read);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "cloakroom_load: %s\n", error.what());
        return 2;
    }
}
