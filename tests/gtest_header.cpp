// SPDX-License-Identifier: MIT
// Only there to have gtest.h compiled once: tests/CMakeLists.txt.
