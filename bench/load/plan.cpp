// SPDX-License-Identifier: MIT
#include "plan.hpp"

#include "response_head.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace cloakroom::load {

std::size_t plan::slow_connections() const noexcept {
    return static_cast<std::size_t>(std::ceil(slow_share * static_cast<double>(connections)));
}

void check(const plan& wanted) {
    const std::size_t fast =
        wanted.connections - std::min(wanted.slow_connections(), wanted.connections);
    if (fast < wanted.threads) {
        throw std::invalid_argument("each of " + std::to_string(wanted.threads) +
                                    " threads needs a connection that is not slow: raise "
                                    "--connections, or lower --threads or --slow");
    }
    if (!wanted.rate && (wanted.is_poisson || wanted.spins)) {
        throw std::invalid_argument("--poisson and --spin belong to an open loop: add --rate");
    }
    const auto& fields = wanted.what.fields;
    if (wanted.keeps_cookies &&
        std::any_of(fields.begin(), fields.end(), [](const std::string& field) {
            return equals_ignoring_case(field.substr(0, 7), "Cookie:");
        })) {
        throw std::invalid_argument("--cookies and --header 'Cookie: ...' exclude each other");
    }
}

void allow_connections(std::size_t connections) {
    constexpr rlim_t others = 512;  // standard streams, and what each thread waits with
    const rlim_t needed = connections + others;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= needed) {
        return;
    }
    const rlim_t hard = limit.rlim_max;
    limit.rlim_cur = needed;
    limit.rlim_max = std::max(hard, needed);
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        throw std::runtime_error(std::to_string(connections) + " connections need " +
                                 std::to_string(needed) + " open files, and the system allows " +
                                 std::to_string(hard) +
                                 ": raise that (ulimit -Hn, LimitNOFILE=), or lower --connections");
    }
}

}  // namespace cloakroom::load
