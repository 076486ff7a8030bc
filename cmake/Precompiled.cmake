# The headers that are precompiled once for all modules, and those for all tests. A precompiled header costs as much as two
# or three files, so that one for each module would be a third of a clean build.
set(precompiled_headers ${PROJECT_SOURCE_DIR}/src/core/json_instances.hpp <chrono> <filesystem> <functional> <map> <memory> <optional> <string> <vector>)
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/precompiled.cpp CONTENT "int main() { return 0; }\n")

add_library(batchai_precompiled OBJECT EXCLUDE_FROM_ALL ${PROJECT_BINARY_DIR}/precompiled.cpp)
target_link_libraries(batchai_precompiled PRIVATE batchai_warnings nlohmann_json::nlohmann_json)
target_precompile_headers(batchai_precompiled PRIVATE ${precompiled_headers})

# A program, because programs are compiled with other flags than libraries are.
if(BATCHAI_BUILD_TESTS)
  find_package(GTest REQUIRED)
  add_executable(batchai_precompiled_tests EXCLUDE_FROM_ALL ${PROJECT_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(batchai_precompiled_tests PRIVATE batchai_warnings nlohmann_json::nlohmann_json GTest::gmock)
  target_precompile_headers(batchai_precompiled_tests PRIVATE <gmock/gmock.h> <gtest/gtest.h> ${precompiled_headers})
endif()
