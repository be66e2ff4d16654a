# SPDX-License-Identifier: MIT

# Compiles a target of ours with the warnings that the code is free of. Nothing of it reaches users.
function(cloakroom_warnings target)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        # GCC 12 sees an overlap in `"text" + std::to_string(number)`: gcc.gnu.org/PR105651.
        target_compile_options(${target} PRIVATE -Wno-restrict)
    endif()
    if(CLOAKROOM_WARNINGS_AS_ERRORS)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
endfunction()
