// SPDX-License-Identifier: MIT
#include <cloakroom/open_file.hpp>
#include <cloakroom/response.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace cloakroom {
namespace {

std::string content_of(const open_file& file) {
    std::string bytes(file.size(), '\0');
    bytes.resize(file.read(0, bytes.data(), bytes.size()));
    return bytes;
}

bool is_open(int descriptor) {
    return ::fcntl(descriptor, F_GETFD) != -1;
}

template <class Action>
int error_of(Action action) {
    try {
        action();
        return 0;
    } catch (const std::system_error& error) {
        return error.code().value();
    }
}

TEST(OpenFile, OfBytesHasThem) {
    const std::string bytes = std::string(100'000, 'a') + std::string("\0b", 2);
    const open_file file = open_file::from_bytes(bytes);
    EXPECT_TRUE(file);
    EXPECT_EQ(file.size(), bytes.size());
    EXPECT_EQ(content_of(file), bytes);
    EXPECT_EQ(content_of(open_file::from_bytes("")), "");
}

TEST(OpenFile, OfBytesCannotBeChanged) {
    const open_file file = open_file::from_bytes("bytes");
    EXPECT_EQ(::pwrite(file.descriptor(), "B", 1, 0), -1);
    EXPECT_EQ(::ftruncate(file.descriptor(), 0), -1);
    EXPECT_EQ(::ftruncate(file.descriptor(), 100), -1);
}

TEST(OpenFile, OfAPathHasItsContent) {
    const open_file file = open_file::from_path("/proc/self/exe");
    EXPECT_TRUE(
        content_of(file).starts_with("\x7f"
                                     "ELF"));
}

TEST(OpenFile, IsNothingElseThanARegularFile) {
    EXPECT_EQ(error_of([] { static_cast<void>(open_file::from_path("/no such")); }), ENOENT);
    EXPECT_EQ(error_of([] { static_cast<void>(open_file::from_path("/")); }), EISDIR);
    EXPECT_EQ(error_of([] { static_cast<void>(open_file::from_path("/dev/null")); }), EINVAL);
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    EXPECT_EQ(error_of([&] { static_cast<void>(open_file::from_descriptor(ends[0])); }), EINVAL);
    EXPECT_FALSE(is_open(ends[0]));  // is taken over all the same
    ::close(ends[1]);
}

TEST(OpenFile, IsClosedWithItsLastCopy) {
    std::optional<open_file> first = open_file::from_bytes("bytes");
    const int descriptor = first->descriptor();
    open_file second = *first;
    open_file third = std::move(second);
    first.reset();
    EXPECT_TRUE(is_open(descriptor));
    response holds;
    holds.body(std::exchange(third, {}));
    EXPECT_TRUE(is_open(descriptor));
    holds.reset();
    EXPECT_FALSE(is_open(descriptor));
}

TEST(OpenFile, HasParts) {
    std::optional<open_file> whole = open_file::from_bytes("0123456789");
    const open_file part = whole->part(2, 5);
    const open_file inner = part.part(1, 3);
    const open_file none = whole->part(10, 0);
    whole.reset();
    EXPECT_EQ(content_of(part), "23456");
    EXPECT_EQ(content_of(inner), "345");
    EXPECT_EQ(inner.offset(), 3U);
    EXPECT_EQ(content_of(none), "");
    EXPECT_THROW(static_cast<void>(part.part(0, 6)), std::out_of_range);
    EXPECT_THROW(static_cast<void>(part.part(6, 0)), std::out_of_range);
    EXPECT_THROW(static_cast<void>(part.part(1, ~std::size_t{0})), std::out_of_range);
    EXPECT_THROW(static_cast<void>(open_file{}.part(0, 1)), std::out_of_range);
}

TEST(OpenFile, ReadsFromAnywhere) {
    const open_file file = open_file::from_bytes("0123456789").part(0, 8);
    std::array<char, 16> bytes{};
    EXPECT_EQ(file.read(6, bytes.data(), bytes.size()), 2U);
    EXPECT_EQ(std::string_view(bytes.data(), 2), "67");
    EXPECT_EQ(file.read(8, bytes.data(), bytes.size()), 0U);
    EXPECT_EQ(file.read(~std::size_t{0}, bytes.data(), bytes.size()), 0U);
}

TEST(OpenFile, ReadsWhatIsLeftOfAFileThatBecameShorter) {
    const int descriptor = ::memfd_create("test", MFD_CLOEXEC);
    ASSERT_EQ(::write(descriptor, "0123456789", 10), 10);
    const open_file file = open_file::from_descriptor(descriptor);
    ASSERT_EQ(::ftruncate(descriptor, 3), 0);
    EXPECT_EQ(file.size(), 10U);
    EXPECT_EQ(content_of(file), "012");
}

TEST(Response, HasOneContentAtATime) {
    const open_file file = open_file::from_bytes("of a file");
    response made;
    made.body("text").body(file);
    EXPECT_EQ(made.body(), "");
    EXPECT_EQ(made.content_bytes(), 9U);
    ASSERT_NE(made.file(), nullptr);
    EXPECT_EQ(content_of(*made.file()), "of a file");
    EXPECT_EQ(made.owned_body(), nullptr);

    made.body_view("view");
    EXPECT_EQ(made.body(), "view");
    EXPECT_EQ(made.content_bytes(), 4U);
    EXPECT_EQ(made.file(), nullptr);

    made.body(file).body("text");
    EXPECT_EQ(made.body(), "text");
    EXPECT_EQ(made.content_bytes(), 4U);
    EXPECT_EQ(made.file(), nullptr);

    const response copy = response(made).body(file);
    response moved = copy;
    made = std::move(moved);
    EXPECT_EQ(content_of(*made.file()), "of a file");
    EXPECT_EQ(content_of(*copy.file()), "of a file");
}

}  // namespace
}  // namespace cloakroom
