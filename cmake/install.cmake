# SPDX-License-Identifier: MIT
# `cmake --install` and find_package(cloakroom).
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/cloakroom)

install(TARGETS cloakroom EXPORT cloakroomTargets INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/cloakroom DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    PATTERN ".clang-tidy" EXCLUDE)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(EXPORT cloakroomTargets NAMESPACE cloakroom:: DESTINATION ${package_dir})
if(TARGET cloakroom_redis)  # find_package(cloakroom COMPONENTS redis)
    install(TARGETS cloakroom_redis EXPORT cloakroomRedisTargets)
    install(EXPORT cloakroomRedisTargets NAMESPACE cloakroom:: DESTINATION ${package_dir})
endif()

configure_package_config_file(
    ${PROJECT_SOURCE_DIR}/cmake/cloakroomConfig.cmake.in
    ${PROJECT_BINARY_DIR}/cloakroomConfig.cmake
    INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(
    ${PROJECT_BINARY_DIR}/cloakroomConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)  # before 1.0 a minor release may break
install(FILES
    ${PROJECT_BINARY_DIR}/cloakroomConfig.cmake
    ${PROJECT_BINARY_DIR}/cloakroomConfigVersion.cmake
    DESTINATION ${package_dir})
