// SPDX-License-Identifier: MIT
// Compares servers by the CPU time that one request costs them. Each server has CPU 0 to itself
// while it is loaded from CPU 1; they take turns in short slices, so that a noisy machine disturbs
// all of them alike.
#include "child_server.hpp"
#include "closed_loop.hpp"
#include "server_list.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom::bench {
namespace {

constexpr int server_cpu = 0;
constexpr int client_cpu = 1;
constexpr seconds slice{0.05};

/// What one round took.
struct sample {
    seconds cpu_time{};
    seconds wall_time{};
    std::uint64_t requests = 0;

    double cpu_us() const { return cpu_time.count() * 1e6 / static_cast<double>(requests); }
    double rate() const { return static_cast<double>(requests) / wall_time.count(); }
    double utilisation() const { return cpu_time / wall_time; }
};

/// What a server has come to in all its rounds.
struct result {
    std::string name;
    std::string kind;
    std::vector<sample> rounds;
    std::uint64_t bad = 0;
    std::uint64_t reopened = 0;
};

/// One of the servers compared, with the load on it and the rounds since it was started.
struct contestant {
    contestant(const candidate& which, const settings& settings)
        : name(which.name),
          kind(which.kind),
          server(which.command, server_cpu),
          load(server.port(), which.path, which.content, settings) {}

    void run_for(seconds duration, sample& round) {
        const std::uint64_t requests_before = load.completed();
        const auto cpu_before = server.cpu_time();
        const auto before = steady_clock::now();
        load.run_for(duration);
        round.wall_time += steady_clock::now() - before;
        round.cpu_time += server.cpu_time() - cpu_before;
        round.requests += load.completed() - requests_before;
        if (round.requests == 0) {
            throw std::runtime_error(name + " gives no good response");
        }
    }

    std::string name;
    std::string kind;
    child_server server;
    closed_loop load;
    std::vector<sample> rounds;
};

using contestants = std::vector<std::unique_ptr<contestant>>;
using results = std::vector<result>;

/// The servers take turns, a slice each; every other turn goes backwards.
void run_round(contestants& servers, seconds duration) {
    for (const auto& server : servers) {
        server->rounds.emplace_back();
    }
    const long turns = std::max(1L, std::lround(duration / slice));
    for (long turn = 0; turn < turns; ++turn) {
        for (std::size_t i = 0; i < servers.size(); ++i) {
            contestant& server = *servers[turn % 2 == 0 ? i : servers.size() - 1 - i];
            server.run_for(duration / static_cast<double>(turns), server.rounds.back());
        }
    }
}

/// Some values in ascending order; quantiles by linear interpolation.
class distribution {
public:
    template <class Function>
    distribution(std::size_t size, Function value_at) : values_(size) {
        for (std::size_t i = 0; i < size; ++i) {
            values_[i] = value_at(i);
        }
        std::sort(values_.begin(), values_.end());
    }

    double quantile(double fraction) const {
        const double position = fraction * static_cast<double>(values_.size() - 1);
        const auto below = static_cast<std::size_t>(position);
        const std::size_t above = std::min(below + 1, values_.size() - 1);
        return std::lerp(values_[below], values_[above], position - static_cast<double>(below));
    }
    double median() const { return quantile(0.5); }

private:
    std::vector<double> values_;
};

constexpr const char* table_row =
    "%-20s %8.3f %8.3f %8.3f %8.3f %11.0f %7.3f  %.3f (%.3f to %.3f) %8llu %8llu\n";
constexpr const char* json_row =
    "  {\"name\": \"%s\",\n"
    "   \"cpu_us\": {\"median\": %.4f, \"min\": %.4f, \"q1\": %.4f, \"q3\": %.4f},\n"
    "   \"requests_per_second\": %.0f, \"cpu_utilisation\": %.3f,\n"
    "   \"ratio\": {\"median\": %.4f, \"q1\": %.4f, \"q3\": %.4f},\n"
    "   \"bad\": %llu, \"reopened\": %llu";
constexpr const char* json_rest =
    ",\n   \"kind\": \"%s\",\n"
    "   \"throughput_ratio\": {\"median\": %.4f, \"q1\": %.4f, \"q3\": %.4f}}";

void print_row(const char* format, const result& first, const result& server) {
    const std::vector<sample>& rounds = server.rounds;
    const distribution cpu(rounds.size(), [&](std::size_t i) { return rounds[i].cpu_us(); });
    const distribution rate(rounds.size(), [&](std::size_t i) { return rounds[i].rate(); });
    const distribution busy(rounds.size(), [&](std::size_t i) { return rounds[i].utilisation(); });
    const distribution ratio(rounds.size(), [&](std::size_t i) {
        return rounds[i].cpu_us() / first.rounds[i].cpu_us();
    });
    std::printf(format, server.name.c_str(), cpu.median(), cpu.quantile(0), cpu.quantile(0.25),
                cpu.quantile(0.75), rate.median(), busy.median(), ratio.median(),
                ratio.quantile(0.25), ratio.quantile(0.75),
                static_cast<unsigned long long>(server.bad),
                static_cast<unsigned long long>(server.reopened));
}

void print_table(const results& servers, const settings& settings) {
    std::printf(
        "%zu connections, %zu pipelined, %d starts, %d rounds of %g s each; "
        "CPU time per request in µs\n",
        settings.connections, settings.pipeline, settings.starts, settings.rounds,
        settings.seconds);
    std::printf("%-20s %8s %8s %8s %8s %11s %7s  %-22s %8s %8s\n", "server", "median", "min", "q1",
                "q3", "requests/s", "CPU use", "ratio (q1 to q3)", "bad", "reopened");
    for (const result& server : servers) {
        print_row(table_row, servers.front(), server);
    }
}

void print_json_rest(const result& first, const result& server) {
    const distribution ratio(server.rounds.size(), [&](std::size_t i) {
        return server.rounds[i].rate() / first.rounds[i].rate();
    });
    std::printf(json_rest, server.kind.c_str(), ratio.median(), ratio.quantile(0.25),
                ratio.quantile(0.75));
}

void print_json(const results& servers, const settings& settings) {
    std::printf(
        "{\"connections\": %zu, \"pipeline\": %zu, \"starts\": %d, \"rounds\": %d, "
        "\"seconds\": %g,\n",
        settings.connections, settings.pipeline, settings.starts, settings.rounds,
        settings.seconds);
    const char* separator = " \"servers\": [\n";
    for (const result& server : servers) {
        std::printf("%s", std::exchange(separator, ",\n"));
        print_row(json_row, servers.front(), server);
        print_json_rest(servers.front(), server);
    }
    std::printf("\n]}\n");
}

/// What is asked of the servers, NAME=VALUE each.
struct questions {
    std::vector<std::string> commands;
    std::vector<std::string> paths;
    std::vector<std::string> contents;
    std::string list;  // file of more servers
    selection of_list;
};

/// Splits `NAME=VALUE` arguments. @throws std::runtime_error if one is something else.
std::vector<std::pair<std::string, std::string>> named(const std::vector<std::string>& arguments) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const std::string& argument : arguments) {
        const auto equals = argument.find('=');
        if (equals == std::string::npos) {
            throw std::runtime_error("expected NAME=VALUE, not " + argument);
        }
        pairs.emplace_back(argument.substr(0, equals), argument.substr(equals + 1));
        check_name(pairs.back().first);
    }
    return pairs;
}

/// The server of that name. @throws std::runtime_error if there is none.
candidate& of_name(std::vector<candidate>& servers, const std::string& name) {
    const auto found =
        std::find_if(servers.begin(), servers.end(),
                     [&name](const candidate& server) { return server.name == name; });
    if (found == servers.end()) {
        throw std::runtime_error("no server has the name " + name);
    }
    return *found;
}

/// Those that were given by name, then those of the list.
std::vector<candidate> asked_for(const questions& asked, const settings& settings) {
    std::vector<candidate> servers;
    for (auto& [name, command] : named(asked.commands)) {
        servers.push_back({.name = name, .command = split(command)});
    }
    if (!asked.list.empty()) {
        const std::vector<candidate> listed =
            read_server_list(read_file(asked.list), CLOAKROOM_SOURCE_DIR);
        const std::vector<candidate> chosen = select(listed, asked.of_list);
        servers.insert(servers.end(), chosen.begin(), chosen.end());
    }
    for (auto& [name, path] : named(asked.paths)) {
        of_name(servers, name).path = path;
        check_path(of_name(servers, name));
    }
    for (auto& [name, content] : named(asked.contents)) {
        of_name(servers, name).content = content;
    }
    for (candidate& server : servers) {
        server.cookies = server.cookies || settings.cookies;
    }
    return servers;
}

/// Starts all that can be started.
contestants start(const questions& asked, settings settings) {
    contestants servers;
    for (const candidate& server : asked_for(asked, settings)) {
        if (const std::string lack = missing(server); !lack.empty()) {
            std::cerr << "cpu_per_request: leaves out " << server.name << ": " << lack << '\n';
            continue;
        }
        settings.cookies = server.cookies;
        servers.push_back(std::make_unique<contestant>(server, settings));
    }
    if (servers.empty()) {
        throw std::runtime_error("there is no server to measure");
    }
    return servers;
}

/// Adds the rounds of one start to those of the starts before.
void add(results& all, const contestants& servers) {
    all.resize(servers.size());
    for (std::size_t i = 0; i < servers.size(); ++i) {
        const contestant& server = *servers[i];
        result& of_server = all[i];
        of_server.name = server.name;
        of_server.kind = server.kind;
        of_server.rounds.insert(of_server.rounds.end(), server.rounds.begin(), server.rounds.end());
        of_server.bad += server.load.bad();
        of_server.reopened += server.load.reopened();
    }
}

/// @return Whether every response was as it should be.
bool compare(const questions& asked, const settings& settings) {
    catch_interrupts();
    check(-pin_to_cpu(client_cpu), "two CPUs are needed: sched_setaffinity");
    results all;
    for (int count = 0; count < settings.starts; ++count) {
        contestants servers = start(asked, settings);
        run_round(servers, seconds(std::min(settings.seconds, 0.5)));  // a warm-up
        for (const auto& server : servers) {
            server->rounds.clear();
        }
        for (int round = 0; round < settings.rounds; ++round) {
            run_round(servers, seconds(settings.seconds));
        }
        add(all, servers);
    }
    settings.json ? print_json(all, settings) : print_table(all, settings);
    return std::all_of(all.begin(), all.end(), [](const auto& server) { return server.bad == 0; });
}

}  // namespace
}  // namespace cloakroom::bench

int main(int argc, char** argv) {
    CLI::App cli{"Compares servers by the CPU time that one request costs them."};
    cloakroom::bench::settings settings;
    cloakroom::bench::questions asked;
    CLI::Option* const servers =
        cli.add_option("servers", asked.commands, "NAME=COMMAND; the ratios are to the first");
    CLI::Option* const list = cli.add_option(
        "--servers", asked.list, "a file such as bench/servers.json has (more of) them");
    cli.add_option("--kind", asked.of_list.kinds, "of the file's servers, those of this kind")
        ->delimiter(',')
        ->needs(list);
    cli.add_option("--only", asked.of_list.names, "of the file's servers, these, in this order")
        ->delimiter(',')
        ->needs(list);
    cli.add_option("--path", asked.paths, "NAME=/path of what is requested (default /)")
        ->take_all();
    cli.add_option("--post", asked.contents, "NAME=JSON to be posted (default: GET)")->take_all();
    cli.add_option("--connections", settings.connections)->check(CLI::Range(1, 20000));
    cli.add_option("--pipeline", settings.pipeline, "requests in one write")
        ->check(CLI::Range(1, 1024));
    cli.add_option("--seconds", settings.seconds, "a server and round")
        ->check(CLI::Range(0.05, 60.0));
    cli.add_option("--rounds", settings.rounds, "a start")->check(CLI::Range(1, 1000));
    cli.add_option(
           "--starts", settings.starts,
           "the servers are started anew so often: where in memory a process lies moves the "
           "ratios by some hundredths")
        ->check(CLI::Range(1, 1000));
    cli.add_flag("--cookies", settings.cookies, "each connection sends back the cookies it got");
    cli.add_flag("--json", settings.json);
    cli.option_defaults()->always_capture_default();
    CLI11_PARSE(cli, argc, argv);
    if (servers->empty() && list->empty()) {
        std::cerr << "cpu_per_request: give it servers: --help\n";
        return 2;
    }
    try {
        return cloakroom::bench::compare(asked, settings) ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << "cpu_per_request: " << error.what() << '\n';
        return 2;
    }
}
