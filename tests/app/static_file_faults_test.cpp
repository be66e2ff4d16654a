// SPDX-License-Identifier: MIT
// router::files() where the system refuses what it takes: a set-up error that says what is missing,
// an error of one request, or no file.
#include "refused_call.hpp"
#include "sanitizers.hpp"
#include "scratch_directory.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/setup_error.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;

class StaticFileFaults : public ::testing::Test {
protected:
    StaticFileFaults() { scratch.write("page.html", "<h1>page</h1>"); }

    // What mounting the directory is refused with.
    [[nodiscard]] std::string refusal_where(const refused_call& call) const {
        app made;
        try {
            with_refused(call, [&] { made.files("/static", scratch.path()); });
        } catch (const setup_error& error) {
            return error.what();
        }
        return "no error";
    }

    // The answer of an app that was set up before.
    [[nodiscard]] reply answer_where(const refused_call& call) {
        app made;
        made.log([this](std::string_view line) { logged.emplace_back(line); });
        made.files("/static", scratch.path());
        client browser(made);
        EXPECT_EQ(browser.get("/static/page.html").status, 200U);
        reply got;
        with_refused(call, [&] { got = browser.get("/static/page.html"); });
        EXPECT_EQ(browser.get("/static/page.html").status, 200U);
        return got;
    }

    scratch_directory scratch;
    std::vector<std::string> logged;
};

void expect_part(const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
}

TEST_F(StaticFileFaults, OfAnOldSystemOrASandboxAreSetUpErrors) {
    for (const int error : {ENOSYS, EPERM}) {
        const int before = ::dup(STDERR_FILENO);
        ::close(before);
        expect_part(refusal_where({SYS_openat2, error}), "the system call openat2, of Linux 5.6");
        const int after = ::dup(STDERR_FILENO);
        ::close(after);
        EXPECT_EQ(after, before);  // nothing was left open
    }
}

TEST_F(StaticFileFaults, OfADirectoryThatMayNotBeEnteredAreSetUpErrors) {
    expect_part(refusal_where({SYS_openat2, EACCES}), "give the program the right to enter it");
}

TEST_F(StaticFileFaults, OfAFileThatChangesAllTheTimeAre503) {
    const reply got = answer_where({SYS_openat2, EAGAIN});
    EXPECT_EQ(got.status, 503U);
    EXPECT_EQ(got.header("Retry-After"), "1");
}

TEST_F(StaticFileFaults, OfADiskAre500WithALineInTheLog) {
    EXPECT_EQ(answer_where({SYS_openat2, EIO}).status, 500U);
    ASSERT_EQ(logged.size(), 1U);
    expect_part(logged.front(), "opening a file");
}

// ThreadSanitizer's fstat() is another call than the C library's.
constexpr std::uint32_t asking = has_thread_sanitizer ? SYS_fstat : SYS_newfstatat;

TEST_F(StaticFileFaults, OfAskingForAFileAreAsIfItWereNotThere) {
    EXPECT_EQ(answer_where({asking, EIO}).status, 404U);
}

}  // namespace
}  // namespace cloakroom
