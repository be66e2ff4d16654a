# SPDX-License-Identifier: MIT
# Installs the library into a prefix of its own, then builds and runs the consumer project there.
# usage: cmake -D library_build=DIR -D work=DIR -D generator=NAME -D compiler=PATH -P run.cmake
foreach(variable IN ITEMS library_build work generator compiler)
    if(NOT ${variable})
        message(FATAL_ERROR "-D ${variable}=... is missing")
    endif()
endforeach()

file(REMOVE_RECURSE ${work})  # what an earlier run has installed must not help this one
execute_process(COMMAND_ERROR_IS_FATAL ANY
    COMMAND ${CMAKE_COMMAND} --install ${library_build} --prefix ${work}/prefix)
execute_process(COMMAND_ERROR_IS_FATAL ANY
    COMMAND ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${work}/build -G ${generator}
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=${compiler} -DCMAKE_PREFIX_PATH=${work}/prefix)
file(STRINGS ${work}/build/CMakeCache.txt found REGEX "^cloakroom_DIR:")
if(NOT found MATCHES "=${work}/prefix/")
    message(FATAL_ERROR "another Cloakroom was found: ${found}")
endif()
execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND ${CMAKE_COMMAND} --build ${work}/build)
execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND ${work}/build/consumer)
