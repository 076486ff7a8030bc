# The C++ files of this folder and of the given ones inside it.
function(batchai_sources variable)
  set(patterns ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  foreach(folder ${ARGN})
    list(APPEND patterns ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp)
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${patterns})
  set(${variable} ${sources} PARENT_SCOPE)
endfunction()

# A room is one folder under src/ and one static library: its name, and what it may see.
#
#   batchai_room(core)
#   batchai_room(identity PUBLIC core models PRIVATE signing)
#
# FOLDERS: folders inside the room's own whose files belong to it, too.
# SEPARATE: the room's files are not compiled together, because their local names clash.
# PRECOMPILE: the room has headers of its own precompiled, in place of those that all rooms share.
#
# The target is batchai_<name>, "/" turned into "_". Only the rooms named here are linked, so an
# include that breaks the arrows of docs/design/structure.md does not build.
function(batchai_room name)
  cmake_parse_arguments(ROOM "SEPARATE" "" "FOLDERS;PUBLIC;PRIVATE;LIBRARIES;PRECOMPILE" ${ARGN})
  string(REPLACE "/" "_" target "batchai_${name}")
  batchai_sources(sources ${ROOM_FOLDERS})
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
    foreach(other ${ROOM_${visibility}})
      string(REPLACE "/" "_" other_target "batchai_${other}")
      target_link_libraries(${target} ${visibility} ${other_target})
    endforeach()
  endforeach()
  target_link_libraries(${target} PRIVATE ${ROOM_LIBRARIES})
  if(BATCHAI_TOGETHER AND NOT ROOM_SEPARATE)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  endif()
  if(ROOM_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${ROOM_PRECOMPILE})
  else()
    target_precompile_headers(${target} REUSE_FROM batchai_precompiled)
  endif()
endfunction()

# What the sanitizers are to pass over, for the environment of tests.
set(BATCHAI_SUPPRESSIONS LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/leak_sanitizer.supp)
if(BATCHAI_SANITIZE MATCHES "thread")
  set(BATCHAI_SUPPRESSIONS TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/thread_sanitizer.supp)
endif()

# One test program per folder of tests/, linked with the rooms it tests.
function(batchai_tests name)
  cmake_parse_arguments(TESTS "" "" "FOLDERS;ROOMS;LIBRARIES" ${ARGN})
  string(REPLACE "/" "_" target "${name}_tests")
  batchai_sources(sources ${TESTS_FOLDERS})
  add_executable(${target} ${sources})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${target} PRIVATE batchai_warnings GTest::gmock GTest::gtest_main ${TESTS_LIBRARIES})
  foreach(room ${TESTS_ROOMS})
    string(REPLACE "/" "_" room_target "batchai_${room}")
    target_link_libraries(${target} PRIVATE ${room_target})
  endforeach()
  target_precompile_headers(${target} REUSE_FROM batchai_precompiled_tests)
  gtest_discover_tests(${target} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT 300 ENVIRONMENT "${BATCHAI_SUPPRESSIONS}")
endfunction()
