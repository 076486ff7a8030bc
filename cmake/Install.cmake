# What `cmake --install` puts below the prefix: programs, headers, one kind of the library and what finds
# it, manual pages, and completion for shells.
#
# The other kind is the component of its name, for those who want both in one prefix:
#   cmake --build DIR --target batchai_shared && cmake --install DIR --component shared
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/batchai)

# batchai_install_library(KIND [COMPONENT...]): the library and the file that imports it as batchai::batchai.
function(batchai_install_library kind)
  install(TARGETS batchai_${kind} EXPORT batchai_${kind}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} ${ARGN}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ${ARGN})
  install(EXPORT batchai_${kind} FILE batchai-${kind}.cmake NAMESPACE batchai:: DESTINATION ${package_folder} ${ARGN})
endfunction()

batchai_install_library(${BATCHAI_KIND})
batchai_install_library(${BATCHAI_OTHER_KIND} COMPONENT ${BATCHAI_OTHER_KIND} EXCLUDE_FROM_ALL)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/batchai DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.hpp")

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/batchaiConfig.cmake.in batchaiConfig.cmake
  INSTALL_DESTINATION ${package_folder} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(batchaiConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/batchaiConfig.cmake ${PROJECT_BINARY_DIR}/batchaiConfigVersion.cmake
  DESTINATION ${package_folder})

# The prefix follows from the path of the file, so that an installation can be moved.
file(RELATIVE_PATH prefix_from_pc /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${CMAKE_CURRENT_LIST_DIR}/batchai.pc.in batchai.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/batchai.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
# The linker takes the shared library for -lbatchai where both are installed, --static or not.
configure_file(${CMAKE_CURRENT_LIST_DIR}/batchai-static.pc.in batchai-static.pc @ONLY)
if(BATCHAI_KIND STREQUAL static)
  install(FILES ${PROJECT_BINARY_DIR}/batchai-static.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
else()
  install(FILES ${PROJECT_BINARY_DIR}/batchai-static.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
    COMPONENT static EXCLUDE_FROM_ALL)
endif()

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md"
  PATTERN "man" EXCLUDE)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/examples DESTINATION ${CMAKE_INSTALL_DOCDIR} USE_SOURCE_PERMISSIONS)

# What has to be built for an installation.
add_custom_target(batchai_installation)
add_dependencies(batchai_installation batchai_${BATCHAI_KIND})

if(BATCHAI_BUILD_PROGRAMS)
  add_dependencies(batchai_installation batchai batchai-server batchai-supervisor)
  # Together: each looks for the next one beside itself.
  install(TARGETS batchai batchai-server batchai-supervisor RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1")
  # Where the shells look for completions, under the names they expect.
  set(completions ${PROJECT_SOURCE_DIR}/src/cli/complete)
  install(FILES ${completions}/batchai.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME batchai)
  install(FILES ${completions}/batchai.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _batchai)
  install(FILES ${completions}/batchai.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()
