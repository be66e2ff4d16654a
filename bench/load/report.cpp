// SPDX-License-Identifier: MIT
#include "report.hpp"

#include <array>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <utility>

namespace cloakroom::load {
namespace {

using count = unsigned long long;  // what printf takes

struct named_failure {
    failure kind;
    const char* name;   // in JSON
    const char* words;  // in the text
};
constexpr std::array failure_kinds{
    named_failure{failure::status, "status", "had a status other than 2xx"},
    named_failure{failure::timeout, "timeout", "took longer than the timeout"},
    named_failure{failure::closed, "closed", "lost their connection"},
    named_failure{failure::framing, "framing", "were no proper HTTP"},
    named_failure{failure::connect, "connect", "were attempts to connect"},
};

struct named_percentile {
    double percent;
    const char* name;   // in JSON
    const char* label;  // in the text
};
constexpr std::array percentiles{
    named_percentile{50, "p50", "p50"},       named_percentile{75, "p75", "p75"},
    named_percentile{90, "p90", "p90"},       named_percentile{99, "p99", "p99"},
    named_percentile{99.9, "p99_9", "p99.9"}, named_percentile{99.99, "p99_99", "p99.99"},
};

[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...) {
    std::array<char, 512> text{};
    std::va_list values;
    va_start(values, pattern);
    std::vsnprintf(text.data(), text.size(), pattern, values);
    va_end(values);
    return text.data();
}

double microseconds(std::chrono::nanoseconds time) {
    return static_cast<double>(time.count()) / 1000;
}

double rate(const tally& counts, double seconds) {
    return seconds > 0 ? static_cast<double>(counts.answers_in_time()) / seconds : 0;
}

std::string json_string(std::string_view text) {
    std::string quoted = "\"";
    for (const char character : text) {
        if (character == '"' || character == '\\') {
            quoted += '\\';
        }
        quoted += character;  // a URL of ours has no control characters
    }
    return quoted + '"';
}

std::string json_failures(const tally& counts) {
    std::string text;
    for (const named_failure& each : failure_kinds) {
        text += format("%s\"%s\":%llu", text.empty() ? "{" : ",", each.name,
                       static_cast<count>(counts.failures(each.kind)));
    }
    return text + '}';
}

std::string json_times(const histogram& times) {
    std::string text =
        format("{\"min\":%.3f,\"mean\":%.3f,\"stddev\":%.3f", microseconds(times.min()),
               times.mean() / 1000, times.standard_deviation() / 1000);
    for (const named_percentile& each : percentiles) {
        text += format(",\"%s\":%.3f", each.name, microseconds(times.percentile(each.percent)));
    }
    return text + format(",\"max\":%.3f}", microseconds(times.max()));
}

std::string json_buckets(const histogram& times) {
    std::string text;
    for (const histogram::bucket& each : times.buckets()) {
        text += format("%s[%.3f,%llu]", text.empty() ? "[" : ",", microseconds(each.upper),
                       static_cast<count>(each.count));
    }
    return text.empty() ? "[]" : text + ']';
}

std::string json_slow(const plan& done, const tally& slow) {
    if (done.slow_connections() == 0) {
        return "null";
    }
    return format("{\"connections\":%zu,\"requests\":%llu,\"errors\":", done.slow_connections(),
                  static_cast<count>(slow.answers())) +
           json_failures(slow) + ",\"latency_us\":" + json_times(slow.latency()) + '}';
}

std::string failure_lines(const tally& counts) {
    std::string text;
    for (const named_failure& each : failure_kinds) {
        if (const std::uint64_t number = counts.failures(each.kind); number > 0) {
            text += format("  errors     %llu %s\n", static_cast<count>(number), each.words);
        }
    }
    return text;
}

// With about three digits, which is what is known.
std::string readable(double nanoseconds) {
    constexpr std::array units{"ns", "µs", "ms", "s"};
    std::size_t unit = 0;
    while (nanoseconds >= 999.5 && unit + 1 < units.size()) {
        nanoseconds /= 1000;
        ++unit;
    }
    return format("%.*f %s",
                  nanoseconds < 10    ? 2
                  : nanoseconds < 100 ? 1
                                      : 0,
                  nanoseconds, units[unit]);
}

std::string readable(std::chrono::nanoseconds time) {
    return readable(static_cast<double>(time.count()));
}

std::string time_lines(const char* name, const histogram& times) {
    std::string text = format("  %-10s", name) + " min " + readable(times.min()) + ", mean " +
                       readable(times.mean()) + ", standard deviation " +
                       readable(times.standard_deviation()) + "\n            ";
    for (const named_percentile& each : percentiles) {
        text += format(" %s ", each.label) + readable(times.percentile(each.percent)) + ",";
    }
    return text + " max " + readable(times.max()) + "\n";
}

// Where figures must be taken with care.
std::string warnings(const plan& done, const results& found) {
    std::string text;
    const double busy = found.wall_seconds > 0 ? found.cpu_seconds / found.wall_seconds : 0;
    if (!done.spins && busy > 0.95 * static_cast<double>(done.threads)) {
        text +=
            "  caution    this program had no CPU time left: it may be what was measured. Try "
            "more --threads, on CPUs that the server does not use\n";
    }
    if (done.rate && !found.was_interrupted && found.counts.unanswered() > 0) {
        text +=
            "  caution    the server did not keep up with this rate, so the times grow with "
            "--seconds\n";
    }
    if (found.was_interrupted) {
        text += "  caution    interrupted: what was under way is not in the figures\n";
    }
    return text;
}

std::string title(const plan& done, const results& found) {
    std::string text = done.where.text + ": ";
    if (done.rate) {
        text += format("open loop, %g requests a second%s, ", *done.rate,
                       done.is_poisson ? " (Poisson)" : "");
    } else {
        text += "closed loop, ";
    }
    return text + format("%zu connections, %zu pipelined, %zu threads, %.1f s\n", done.connections,
                         done.pipeline, done.threads, found.seconds);
}

}  // namespace

std::string text_report(const plan& done, const results& found) {
    const tally& counts = found.counts;
    std::string text = title(done, found);
    text += format("  requests   %llu, %.1f a second\n", static_cast<count>(counts.answers()),
                   rate(counts, found.seconds));
    text += failure_lines(counts);
    if (counts.unanswered() > 0) {
        text += format("  unanswered %llu\n", static_cast<count>(counts.unanswered()));
    }
    if (counts.reopened() > 0) {
        text += format("  reopened   %llu connections\n", static_cast<count>(counts.reopened()));
    }
    text += time_lines("latency", counts.latency());
    if (done.rate) {
        text += time_lines("sent late", counts.lateness());
    }
    if (const tally& slow = found.slow_counts; done.slow_connections() > 0) {
        text += format("  slow       %zu connections: %llu answers, %llu errors\n",
                       done.slow_connections(), static_cast<count>(slow.answers()),
                       static_cast<count>(slow.failures()));
        text += time_lines("of those", slow.latency());
    }
    return text + warnings(done, found);
}

std::string json_report(const plan& done, const results& found) {
    const tally& counts = found.counts;
    std::string text = "{\"url\":" + json_string(done.where.text);
    text += format(",\"mode\":\"%s\",\"connections\":%zu,\"pipeline\":%zu,\"threads\":%zu",
                   done.rate ? "open" : "closed", done.connections, done.pipeline, done.threads);
    text += done.rate ? format(",\"rate\":%.10g", *done.rate) : ",\"rate\":null";
    text +=
        format(",\"seconds\":%.6f,\"requests\":%llu,\"requests_per_second\":%.3f", found.seconds,
               static_cast<count>(counts.answers()), rate(counts, found.seconds));
    text += ",\"errors\":" + json_failures(counts);
    text += format(",\"unanswered\":%llu,\"reopened\":%llu",
                   static_cast<count>(counts.unanswered()), static_cast<count>(counts.reopened()));
    text += ",\"latency_us\":" + json_times(counts.latency());
    text += ",\"late_us\":" + (done.rate ? json_times(counts.lateness()) : "null");
    text += format(",\"cpu_seconds\":%.6f,\"interrupted\":%s", found.cpu_seconds,
                   found.was_interrupted ? "true" : "false");
    text += ",\"slow\":" + json_slow(done, found.slow_counts);
    text += ",\"histogram\":" + json_buckets(counts.latency());
    return text + "}\n";
}

int exit_status(const results& found) noexcept {
    if (found.counts.answers() == 0) {
        return 2;
    }
    const bool is_behind = found.counts.unanswered() > 0 && !found.was_interrupted;
    return found.counts.failures() > 0 || is_behind ? 1 : 0;
}

std::string complaint(const plan& done, const results& found) {
    const tally& counts = found.counts;
    if (found.was_interrupted && counts.failures() == 0) {
        return "interrupted before anything was measured";
    }
    std::string text = "no good answer from " + done.where.text + "\n" + failure_lines(counts);
    if (counts.failures(failure::status) > 0) {
        return text + "look at what it answers: curl -i '" + done.where.text + "'";
    }
    if (counts.failures(failure::timeout) + counts.unanswered() > 0) {
        return text + "the server is silent: see whether it works at all, or raise --timeout";
    }
    if (counts.failures(failure::connect) > 0) {
        return text + "connecting failed (" + found.connect_error +
               "): see whether the server still runs, or lower --connections";
    }
    if (counts.failures() > 0) {
        return text + "see whether this is a server of HTTP/1.1: curl -i '" + done.where.text + "'";
    }
    return text + "the time was too short: raise --seconds";
}

}  // namespace cloakroom::load
