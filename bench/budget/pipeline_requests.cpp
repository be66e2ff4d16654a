// SPDX-License-Identifier: MIT
// Sends a number of requests through the pipeline and ends, for budget/check to count the
// instructions of.
//
//     pipeline_requests                prints the names of the scenarios
//     pipeline_requests hello 1000     sends 1,000 requests of that scenario
//     pipeline_requests --built-by     prints what decides how many instructions there are
#include "../pipeline_scenarios.hpp"

#include <charconv>
#include <cstdio>
#include <exception>
#include <string_view>

namespace {

int send(const pipeline_scenario& scenario, unsigned requests) {
    pipeline_visitor visitor(scenario);
    for (unsigned sent = 0; sent < requests; sent += static_cast<unsigned>(scenario.pipelined)) {
        if (!visitor.is_answer(visitor.send())) {
            std::fputs("an answer is not as the first one\n", stderr);
            return 1;
        }
    }
    return 0;
}

void print_names() {
    for (const pipeline_scenario& scenario : pipeline_scenarios()) {
        std::printf("%.*s\n", static_cast<int>(scenario.name.size()), scenario.name.data());
    }
}

void print_built_by() {
#ifdef __clang__
    std::printf("clang++ %d", __clang_major__);
#else
    std::printf("g++ %d", __GNUC__);
#endif
#ifdef __x86_64__
    std::printf(" for x86-64");
#else
    std::printf(" for another CPU than x86-64");
#endif
#if !defined(NDEBUG) || !defined(__OPTIMIZE__)
    std::printf(", not in the release preset");
#endif
    std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) try {
    const std::string_view name = argc > 1 ? argv[1] : "";
    const std::string_view count = argc > 2 ? argv[2] : "";
    unsigned requests = 0;
    std::from_chars(count.data(), count.data() + count.size(), requests);
    if (argc == 1) {
        print_names();
        return 0;
    }
    if (name == "--built-by") {
        print_built_by();
        return 0;
    }
    for (const pipeline_scenario& scenario : pipeline_scenarios()) {
        if (scenario.name == name && requests > 0) {
            return send(scenario, requests);
        }
    }
    std::fputs("usage: pipeline_requests [--built-by | SCENARIO REQUESTS]\n", stderr);
    return 2;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
