// SPDX-License-Identifier: MIT
#include "load/report.hpp"

#include <cloakroom/json.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace cloakroom::load {
namespace {

using namespace std::chrono_literals;

const time_point report_start{1h};

plan sample_plan() {
    plan wanted;
    wanted.where = parse_url("http://name:81/\"quoted\\\"");
    wanted.connections = 8;
    return wanted;
}

// 100 answers after 1, 2, ... 100 µs, the last of them too late for the throughput.
results sample_results() {
    results found;
    found.seconds = 2;
    found.counts.count_from(report_start, report_start + 100us);
    for (int i = 1; i <= 100; ++i) {
        found.counts.answered(report_start, report_start + std::chrono::microseconds{i});
    }
    return found;
}

TEST(Report, IsJsonOfTheAgreedShape) {
    results found = sample_results();
    found.counts.failed(failure::closed, report_start, 3);
    const json report = json::parse(json_report(sample_plan(), found));

    EXPECT_EQ(report["url"], "http://name:81/\"quoted\\\"");
    EXPECT_EQ(report["mode"], "closed");
    EXPECT_EQ(report["connections"], 8);
    EXPECT_EQ(report["pipeline"], 1);
    EXPECT_EQ(report["threads"], 1);
    EXPECT_TRUE(report["rate"].is_null());
    EXPECT_EQ(report["seconds"], 2.0);
    EXPECT_EQ(report["requests"], 100);
    EXPECT_EQ(report["requests_per_second"], 49.5);
    EXPECT_EQ(report["errors"], json::parse(R"({"status":0,"timeout":0,"closed":3,"framing":0,
                                                "connect":0})"));
    EXPECT_EQ(report["latency_us"]["min"], 1.0);
    EXPECT_EQ(report["latency_us"]["mean"], 50.5);
    EXPECT_NEAR(report["latency_us"]["stddev"].get<double>(), 28.866, 0.001);
    EXPECT_NEAR(report["latency_us"]["p50"].get<double>(), 50, 0.05);
    EXPECT_NEAR(report["latency_us"]["p75"].get<double>(), 75, 0.075);
    EXPECT_NEAR(report["latency_us"]["p90"].get<double>(), 90, 0.09);
    EXPECT_NEAR(report["latency_us"]["p99"].get<double>(), 99, 0.099);
    EXPECT_EQ(report["latency_us"]["p99_9"], 100.0);
    EXPECT_EQ(report["latency_us"]["p99_99"], 100.0);
    EXPECT_EQ(report["latency_us"]["max"], 100.0);
    ASSERT_EQ(report["histogram"].size(), 100U);
    EXPECT_EQ(report["histogram"][0], json::array({1.0, 1}));
    EXPECT_TRUE(report["slow"].is_null());
    EXPECT_TRUE(report["late_us"].is_null());
}

TEST(Report, HasTheOpenLoopAndTheSlowInItsJson) {
    plan wanted = sample_plan();
    wanted.rate = 1234.5;
    wanted.slow_share = 0.01;
    results found = sample_results();
    found.counts.sent_late(7us, report_start);
    found.slow_counts.count_from(report_start, report_start);
    found.slow_counts.failed(failure::closed, report_start);
    const json report = json::parse(json_report(wanted, found));

    EXPECT_EQ(report["mode"], "open");
    EXPECT_EQ(report["rate"], 1234.5);
    EXPECT_EQ(report["late_us"]["max"], 7.0);
    EXPECT_EQ(report["slow"]["connections"], 1);
    EXPECT_EQ(report["slow"]["requests"], 0);
    EXPECT_EQ(report["slow"]["errors"]["closed"], 1);
    EXPECT_EQ(report["slow"]["latency_us"]["p99"], 0.0);
}

TEST(Report, TellsHowItWent) {
    EXPECT_EQ(exit_status(results{}), 2);
    EXPECT_EQ(exit_status(sample_results()), 0);

    results slow = sample_results();
    slow.slow_counts.count_from(report_start, report_start);
    slow.slow_counts.failed(failure::closed, report_start);
    EXPECT_EQ(exit_status(slow), 0);

    results failed = sample_results();
    failed.counts.failed(failure::connect, report_start);
    EXPECT_EQ(exit_status(failed), 1);

    results behind = sample_results();
    behind.counts.left_unanswered(1);
    EXPECT_EQ(exit_status(behind), 1);
    behind.was_interrupted = true;
    EXPECT_EQ(exit_status(behind), 0);
}

TEST(Report, NamesErrorsAndDoubtsInItsText) {
    plan wanted = sample_plan();
    wanted.rate = 10;
    results found = sample_results();
    found.counts.failed(failure::timeout, report_start, 12);
    found.counts.left_unanswered(5);
    found.cpu_seconds = 1;
    found.wall_seconds = 1;
    const std::string text = text_report(wanted, found);

    for (const char* part :
         {"open loop, 10 requests a second", "100, 49.5 a second", "12 took longer", "unanswered 5",
          "p99 99.", "did not keep up", "no CPU time left"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part << " is not in\n" << text;
    }
}

}  // namespace
}  // namespace cloakroom::load
