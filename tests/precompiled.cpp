// SPDX-License-Identifier: MIT
// Only there to have headers compiled once: tests/CMakeLists.txt.
