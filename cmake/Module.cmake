# The C++ files of this folder and of the given ones inside it.
function(batchai_sources variable)
  set(patterns ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  foreach(folder ${ARGN})
    list(APPEND patterns ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp)
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${patterns})
  set(${variable} ${sources} PARENT_SCOPE)
endfunction()

# A module is one folder under src/ and one static library: its name, and what it may see.
#
#   batchai_module(core)
#   batchai_module(identity PUBLIC core models PRIVATE signing)
#
# FOLDERS: folders inside the module's own whose files belong to it, too.
# PRECOMPILE: the module has headers of its own precompiled, in place of those that all modules share.
#
# The files of a module are compiled together: their local names have to differ.
#
# The target is batchai_<name>, "/" turned into "_". Only the modules named here, and what they name as PUBLIC, may
# be included: tests/check_includes.sh compares.
function(batchai_module name)
  cmake_parse_arguments(MODULE "" "" "FOLDERS;PUBLIC;PRIVATE;LIBRARIES;PRECOMPILE" ${ARGN})
  string(REPLACE "/" "_" target "batchai_${name}")
  batchai_sources(sources ${MODULE_FOLDERS})
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  set(include_folders $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>)
  if(NOT sources)  # headers only
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${include_folders})
    return()
  endif()
  add_library(${target} STATIC ${sources})
  target_include_directories(${target} PUBLIC ${include_folders})
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:batchai_warnings>)
  foreach(visibility PUBLIC PRIVATE)
    foreach(other ${MODULE_${visibility}})
      string(REPLACE "/" "_" other_target "batchai_${other}")
      target_link_libraries(${target} ${visibility} ${other_target})
    endforeach()
  endforeach()
  target_link_libraries(${target} PRIVATE ${MODULE_LIBRARIES})
  if(BATCHAI_TOGETHER)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)  # all of them
  endif()
  if(MODULE_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${MODULE_PRECOMPILE})
  else()
    target_precompile_headers(${target} REUSE_FROM batchai_precompiled)
  endif()
endfunction()

# Suppressions of the sanitizers, for the environment of tests.
set(BATCHAI_SUPPRESSIONS LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/leak_sanitizer.supp)
if(BATCHAI_SANITIZE MATCHES "thread")
  set(BATCHAI_SUPPRESSIONS TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/thread_sanitizer.supp)
endif()

# One test program per folder of tests/, linked with the modules it tests.
function(batchai_tests name)
  cmake_parse_arguments(TESTS "" "" "FOLDERS;MODULES;LIBRARIES" ${ARGN})
  string(REPLACE "/" "_" target "${name}_tests")
  batchai_sources(sources ${TESTS_FOLDERS})
  add_executable(${target} ${sources})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${target} PRIVATE batchai_warnings GTest::gmock GTest::gtest_main ${TESTS_LIBRARIES})
  foreach(module ${TESTS_MODULES})
    string(REPLACE "/" "_" module_target "batchai_${module}")
    target_link_libraries(${target} PRIVATE ${module_target})
  endforeach()
  target_compile_options(${target} PRIVATE -Wno-unused-result)  # EXPECT_THROW(client.get(...)) wants no result
  target_precompile_headers(${target} REUSE_FROM batchai_precompiled_tests)
  gtest_discover_tests(${target} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT 300 ENVIRONMENT "${BATCHAI_SUPPRESSIONS}")
endfunction()
