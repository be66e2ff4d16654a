// SPDX-License-Identifier: MIT
#include "options.hpp"

#include <CLI/CLI.hpp>

#include <cerrno>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace cloakroom::load {
namespace {

constexpr std::size_t content_limit_bytes = 16UL * 1024 * 1024;

// As CLI11 reads them.
struct words {
    std::string url;
    std::string json;
    std::string post;
    std::string content_file;
    double seconds = 10;
    double warm_up = 1;
    double timeout = 5;
    double rate = 0;
};

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(file), {}};
    if (!file.good() && !file.eof()) {
        throw std::runtime_error("the --content-file " + path + " cannot be read");
    }
    if (content.size() > content_limit_bytes) {
        throw std::runtime_error("the --content-file " + path + " is larger than 16 MiB");
    }
    return content;
}

void add_requests(CLI::App& cli, plan& wanted, words& given) {
    CLI::Option* const post = cli.add_option("--post", given.post, "JSON to be posted");
    cli.add_option("--content-file", given.content_file, "a file to be posted, up to 16 MiB")
        ->check(CLI::ExistingFile)
        ->excludes(post);
    cli.add_option("--header", wanted.what.fields, "'NAME: VALUE'; may be repeated")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    cli.add_flag("--cookies", wanted.keeps_cookies,
                 "each connection sends back the cookies it got");
}

void add_load(CLI::App& cli, plan& wanted, words& given) {
    cli.add_option("--connections", wanted.connections)->check(CLI::Range(1, 10'000));
    cli.add_option("--threads", wanted.threads, "the connections are divided among them")
        ->check(CLI::Range(1, 64));
    cli.add_option("--pipeline", wanted.pipeline, "requests on their way on a connection at once")
        ->check(CLI::Range(1, 1024));
    cli.add_option("--seconds", given.seconds)->check(CLI::Range(0.05, 3600.0));
    cli.add_option("--warm-up", given.warm_up, "seconds before those that count")
        ->check(CLI::Range(0.0, 600.0));
    cli.add_option("--timeout", given.timeout, "seconds, of a request or an attempt to connect")
        ->check(CLI::Range(0.01, 600.0));
    cli.add_option("--rate", given.rate,
                   "requests a second, of all connections: an open loop (default: a closed one)")
        ->check(CLI::Range(0.1, 10e6));
    cli.add_flag("--poisson", wanted.is_poisson, "random intended times, at that rate");
    cli.add_flag("--spin", wanted.spins, "do not sleep between them: exact, for a CPU a thread");
    cli.add_option("--slow", wanted.slow_share,
                   "share of the connections that send a byte every 10 ms; reported apart")
        ->check(CLI::Range(0.0, 1.0));
}

void complete(plan& wanted, const words& given, const CLI::App& cli) {
    if (given.url.empty()) {
        throw std::invalid_argument("which URL? cloakroom_load http://127.0.0.1:8080/");
    }
    wanted.where = parse_url(given.url);
    wanted.time = plan::seconds{given.seconds};
    wanted.warm_up = plan::seconds{given.warm_up};
    wanted.timeout = plan::seconds{given.timeout};
    if (cli.count("--rate") > 0) {
        wanted.rate = given.rate;
    }
    if (cli.count("--post") > 0) {
        wanted.what.is_post = true;
        wanted.what.content = given.post;
    } else if (!given.content_file.empty()) {
        wanted.what.is_post = true;
        wanted.what.content = content_of(given.content_file);
        wanted.what.content_type = "application/octet-stream";
    }
    check(wanted);
}

}  // namespace

std::variant<options, int> read_options(int argc, char** argv) {
    CLI::App cli{"Loads an HTTP/1.1 server, and tells how fast it answers."};
    options chosen;
    words given;
    cli.option_defaults()->always_capture_default();
    cli.add_option("url", given.url, "http://HOST:PORT/PATH")->capture_default_str();
    add_load(cli, chosen.wanted, given);
    add_requests(cli, chosen.wanted, given);
    cli.add_option("--json", given.json, "report as JSON, to standard output or to a FILE")
        ->expected(0, 1)
        ->type_name("FILE");
    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int status = cli.exit(error);
        return status == 0 ? 0 : 2;
    }
    chosen.prints_json = cli.count("--json") > 0;
    if (given.json.starts_with("http://") && given.url.empty()) {
        given.url = std::exchange(given.json, {});  // --json URL
    }
    chosen.json_file = given.json;
    complete(chosen.wanted, given, cli);
    return chosen;
}

}  // namespace cloakroom::load
