# SPDX-License-Identifier: MIT
# What only the developer of Cloakroom wants, not those who embed it.

# Without a build type CMake does not optimise at all, which nobody who measures expects.
get_property(is_multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
if(NOT is_multi_config AND NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo" FORCE)
endif()

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)  # clang-tidy and editors read it

find_program(CLOAKROOM_CCACHE ccache)
if(CLOAKROOM_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    # What it is told lets it keep what was compiled with a precompiled header, as the tests are.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${CLOAKROOM_CCACHE}")
endif()
