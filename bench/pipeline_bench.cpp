// SPDX-License-Identifier: MIT
// A whole request through the pipeline, bytes in and bytes out, without a socket: parse, route,
// session, handler, response. Compare with bench/cpu_per_request, which adds the system calls.
#include "pipeline_scenarios.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

namespace {

void send_again(benchmark::State& state, const pipeline_scenario& scenario) {
    pipeline_visitor visitor(scenario);
    for (auto each : state) {
        benchmark::DoNotOptimize(visitor.send());
    }
    if (!visitor.is_answer(visitor.send())) {
        state.SkipWithError("the last answer is not as the first one");
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(scenario.pipelined));
}

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 1;
    }
    for (const pipeline_scenario& scenario : pipeline_scenarios()) {
        const std::string name = "BM_pipeline_" + std::string{scenario.name};
        benchmark::RegisterBenchmark(
            name.c_str(), [&scenario](benchmark::State& state) { send_again(state, scenario); });
    }
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
