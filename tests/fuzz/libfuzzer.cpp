// SPDX-License-Identifier: MIT
// The entry of libFuzzer.
#include "target.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    cloakroom::fuzz::check({reinterpret_cast<const char*>(bytes), size});
    return 0;
}
