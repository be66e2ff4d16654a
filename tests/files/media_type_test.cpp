// SPDX-License-Identifier: MIT
#include "files/media_type.hpp"

#include <gtest/gtest.h>

namespace cloakroom::files {
namespace {

constexpr std::string_view unknown = "application/octet-stream";

TEST(MediaType, IsThatOfTheExtension) {
    EXPECT_EQ(media_type_of("index.html"), "text/html; charset=utf-8");
    EXPECT_EQ(media_type_of("a.b/page.min.css"), "text/css; charset=utf-8");
    EXPECT_EQ(media_type_of("7z.7z"), "application/x-7z-compressed");
    EXPECT_EQ(media_type_of("last.zip"), "application/zip");
    EXPECT_EQ(media_type_of("site.webmanifest"), "application/manifest+json");
    EXPECT_EQ(media_type_of("module.wasm"), "application/wasm");
}

TEST(MediaType, TakesAnyCase) {
    EXPECT_EQ(media_type_of("PHOTO.JPG"), "image/jpeg");
    EXPECT_EQ(media_type_of("x.WebP"), "image/webp");
}

TEST(MediaType, OfOtherFilesIsOctetStream) {
    for (const std::string_view path :
         {"", "html", "a.b/html", "file.", "file.unknown", "file.html2", "file.htm l",
          "file.webmanifests", "file.7", "file.zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "a.html/b"}) {
        EXPECT_EQ(media_type_of(path), unknown) << path;
    }
}

}  // namespace
}  // namespace cloakroom::files
