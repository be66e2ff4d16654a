// SPDX-License-Identifier: MIT
#include "expect_parts.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/command_line.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

command_line line_of(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "shop");
    return {static_cast<int>(arguments.size()), arguments.data()};
}

// What is thrown for that, where the program has an option of its own.
usage_error error_of(std::vector<const char*> arguments) {
    command_line line = line_of(std::move(arguments));
    static_cast<void>(line.value("--currency", "EUR", "what prices are in"));
    try {
        static_cast<void>(line.run_options());
    } catch (const usage_error& error) {
        return error;
    }
    throw std::logic_error("nothing was thrown");
}

void expect_whole_usage(const std::string& text) {
    expect_parts(text, {"usage: shop [--name value]...\n", "--currency", "what prices are in (EUR)",
                        "--host", "(127.0.0.1)", "--port", "(8080)", "--threads", "--workers",
                        "--notice-time", "--deployment", "(automatic)"});
}

TEST(CommandLine, GivesRunOptions) {
    const run_options options =
        line_of({"--host", "::", "--port=0", "--threads", "3", "--workers=5", "--notice-time=1500",
                 "--deployment", "production"})
            .run_options();
    EXPECT_EQ(options.host, "::");
    EXPECT_EQ(options.port, 0);
    EXPECT_EQ(options.threads, 3U);
    EXPECT_EQ(options.workers, 5U);
    EXPECT_EQ(options.notice_time, std::chrono::milliseconds{1'500});
    EXPECT_EQ(options.deployment, deployment::production);
    EXPECT_EQ(line_of({"--deployment=development"}).run_options().deployment,
              deployment::development);
}

TEST(CommandLine, LeavesTheDefaultsWhereNothingIsSaid) {
    const run_options options = line_of({}).run_options();
    EXPECT_EQ(options.host, run_options{}.host);
    EXPECT_EQ(options.port, run_options{}.port);
    EXPECT_EQ(options.deployment, deployment::automatic);
}

TEST(CommandLine, GivesValuesOfTheProgramsOwn) {
    command_line line = line_of({"--currency", "CHF", "--empty="});
    EXPECT_EQ(line.value("--currency", "EUR", "what prices are in"), "CHF");
    EXPECT_EQ(line.value("--empty", "full", "what may be empty"), "");
    EXPECT_EQ(line.value("--missing", "none", "what is missing"), "none");
    EXPECT_NO_THROW(static_cast<void>(line.run_options()));
}

TEST(CommandLine, HelpIsTheWholeUsage) {
    for (const std::vector<const char*>& arguments : std::vector<std::vector<const char*>>{
             {"--help"}, {"--port", "0", "--help"}, {"--help", "--port", "0"}}) {
        const usage_error help = error_of(arguments);
        EXPECT_TRUE(help.is_help());
        EXPECT_TRUE(std::string_view{help.what()}.starts_with("usage: ")) << help.what();
        expect_whole_usage(help.what());
    }
}

TEST(CommandLine, SaysWhatIsWrongAndGivesTheWholeUsage) {
    const struct {
        std::vector<const char*> arguments;
        std::string_view said;
    } cases[] = {
        {{"--port"}, "--port needs a value"},
        {{"--port", "--host", "::"}, "--port needs a value"},
        {{"--currency"}, "--currency needs a value"},
        {{"--port", "http"}, "--port takes a number from 0 to 65535, not \"http\""},
        {{"--port", "65536"}, "--port takes a number from 0 to 65535, not \"65536\""},
        {{"--port", "80x"}, "not \"80x\""},
        {{"--port="}, "--port takes a number"},
        {{"--threads", "-1"}, "--threads takes a number"},
        {{"--workers", "99999999999999999999"}, "--workers takes a number"},
        {{"--notice-time", "3600001"}, "--notice-time takes a number from 0 to 3600000"},
        {{"--deployment", "test"}, "--deployment is automatic, development or production"},
        {{"--prot", "80"}, "unknown argument --prot"},
        {{"80"}, "unknown argument 80"},
        {{"-p", "80"}, "unknown argument -p"},
    };
    for (const auto& [arguments, said] : cases) {
        const usage_error error = error_of(arguments);
        EXPECT_FALSE(error.is_help());
        const std::string text = error.what();
        const std::string first = text.substr(0, text.find('\n'));
        EXPECT_NE(first.find(said), std::string::npos) << text;
        expect_whole_usage(text);
    }
}

TEST(CommandLine, IsReportedByItsKind) {
    ::testing::internal::CaptureStdout();
    EXPECT_EQ(report(usage_error("how to use it", true)), 0);
    EXPECT_EQ(::testing::internal::GetCapturedStdout(), "how to use it\n");
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(report(usage_error("what is wrong", false)), 2);
    EXPECT_EQ(report(setup_error("the port is in use")), 1);
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "what is wrong\nthe port is in use\n");
}

TEST(CommandLine, IsReportedByTheAppThatIsRunByIt) {
    app served;
    const char* const arguments[] = {"shop", "--port", "http"};
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(served.run(3, arguments), 2);
    EXPECT_TRUE(::testing::internal::GetCapturedStderr().starts_with("--port takes a number"));
}

}  // namespace
}  // namespace cloakroom
