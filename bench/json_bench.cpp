// SPDX-License-Identifier: MIT
// What it costs to keep a struct as JSON, as a session does: a cart of three lines, written and read
// by json_fields.hpp and by nlohmann_json.
#include <cloakroom/json.hpp>
#include <cloakroom/json_fields.hpp>

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace {

using namespace cloakroom;

struct line {
    std::string sku;
    int quantity = 1;
    static constexpr auto fields =
        cloakroom::fields(field("sku", &line::sku), field("quantity", &line::quantity));
};

struct cart {
    std::vector<line> lines;
    static constexpr auto fields = cloakroom::fields(field("lines", &cart::lines));
};

const cart& three_lines() {
    static const cart made{{{"apple", 2}, {"apple", 2}, {"apple", 2}}};
    return made;
}

std::string text_of_three_lines() {
    std::string text;
    write_json(text, three_lines());
    return text;
}

void write_cart(benchmark::State& state) {
    std::string text;
    for (auto _ : state) {
        text.clear();
        write_json(text, three_lines());
        benchmark::DoNotOptimize(text.data());
    }
}
BENCHMARK(write_cart);

void write_cart_by_nlohmann(benchmark::State& state) {
    std::string text;
    for (auto _ : state) {
        text.clear();
        text += to_json_text(json(three_lines()));
        benchmark::DoNotOptimize(text.data());
    }
}
BENCHMARK(write_cart_by_nlohmann);

void read_cart(benchmark::State& state) {
    const std::string text = text_of_three_lines();
    for (auto _ : state) {
        cart into;
        benchmark::DoNotOptimize(json_codec<cart>::decode(text, into));
        benchmark::DoNotOptimize(into.lines.data());
    }
}
BENCHMARK(read_cart);

void read_cart_by_nlohmann(benchmark::State& state) {
    const std::string text = text_of_three_lines();
    for (auto _ : state) {
        cart into = bind_json<cart>(json::parse(text));
        benchmark::DoNotOptimize(into.lines.data());
    }
}
BENCHMARK(read_cart_by_nlohmann);

// As a client sends it: members in another order, and one that does not fit.
void refuse_cart(benchmark::State& state) {
    const std::string text = R"({"lines":[{"sku":"apple","quantity":2},{"sku":"apple",)"
                             R"("quantity":2},{"sku":"apple","quantity":"2"}]})";
    for (auto _ : state) {
        cart into;
        std::vector<field_error> errors;
        benchmark::DoNotOptimize(read_json(text, into, errors));
        benchmark::DoNotOptimize(errors.data());
    }
}
BENCHMARK(refuse_cart);

// How fast text goes by that no field is there for.
void skip_text(benchmark::State& state) {
    std::string text = "[";
    while (text.size() < 64'000) {
        text += R"({"name":"a line of some length","price":12.5,"tags":["a","b"],"is_new":true},)";
    }
    text += "0]";
    for (auto _ : state) {
        benchmark::DoNotOptimize(check_json(text));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(skip_text);

}  // namespace
