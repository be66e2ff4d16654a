# SPDX-License-Identifier: MIT

option(CLOAKROOM_UNITY "Compile the library's files together, those of a folder as one" OFF)
mark_as_advanced(CLOAKROOM_UNITY)

# The headers that a layer's files share are then read once: half of the time of a build without
# optimisation. A build without it shows that each file includes what it needs. "UnifiedSource" in its
# name tells the Clang Static Analyzer that a unit's .cpp files are sources: it follows the paths of
# those, not of headers.
function(cloakroom_unity target)
    if(NOT CLOAKROOM_UNITY)
        return()
    endif()
    # A name of one file shadows none of another's; the build of single files finds what is shadowed.
    target_compile_options(${target} PRIVATE -Wno-shadow)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    get_target_property(sources ${target} SOURCES)
    foreach(source IN LISTS sources)
        cmake_path(ABSOLUTE_PATH source)
        cmake_path(GET source PARENT_PATH folder)
        cmake_path(GET folder FILENAME layer)
        set_source_files_properties(${source}
            TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP UnifiedSource_${layer})
    endforeach()
endfunction()
