// SPDX-License-Identifier: MIT
#include "http1/transfer_coding.hpp"

#include <gtest/gtest.h>

namespace cloakroom::http1 {
namespace {

TEST(TransferCoding, SupportsExactlyChunked) {
    for (const std::string_view value : {"chunked", "Chunked", "CHUNKED"}) {
        EXPECT_EQ(judge_transfer_encoding(value), transfer_coding::chunked) << value;
    }
}

// RFC 9112 section 6.1: 501, for a message that could be read to its end.
TEST(TransferCoding, DoesNotSupportOthersBeforeChunked) {
    for (const std::string_view value :
         {"gzip, chunked", "GZip,CHUNKED", "x-gzip, chunked", "deflate ,\tgzip , chunked",
          "br, chunked", "identity, chunked", "chunkedx, chunked"}) {
        EXPECT_EQ(judge_transfer_encoding(value), transfer_coding::unsupported) << value;
    }
}

// RFC 9112 section 6.3: a request whose last coding is not chunked has no reliable length.
TEST(TransferCoding, RefusesEverythingElse) {
    for (const std::string_view value : {"",
                                         ",",
                                         "chunked,",
                                         ",chunked",
                                         "chunked, chunked",
                                         "chunked, gzip",
                                         "chunked, identity",
                                         "gzip, chunked, chunked",
                                         "gzip,, chunked",
                                         "gzip,",
                                         "gzip",
                                         "gzip, deflate",
                                         "identity",
                                         "xchunked",
                                         "chunkedx",
                                         "chunked;a=b",
                                         "chunked a",
                                         "gzip chunked",
                                         "gzip;q=1",
                                         "\"chunked\"",
                                         "br",
                                         "trailers"}) {
        EXPECT_EQ(judge_transfer_encoding(value), transfer_coding::malformed) << value;
    }
}

}  // namespace
}  // namespace cloakroom::http1
