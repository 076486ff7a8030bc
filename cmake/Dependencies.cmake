# Every third-party package, found once. Why each is here: docs/design/dependencies.md.
find_package(Threads REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(cpprestsdk 2.10 REQUIRED)
find_package(pugixml REQUIRED)

if(BATCHAI_BUILD_PROGRAMS OR NOT DEFINED BATCHAI_BUILD_PROGRAMS)
  find_package(CLI11 2.1 REQUIRED)
  find_package(spdlog 1.10 REQUIRED)
  find_package(Boost 1.74 REQUIRED)
  find_package(SQLite3 3.40 REQUIRED)
endif()

# Its own package file asks for a web server and curl, which only parts that we do not use need.
if(BATCHAI_BUILD_PROGRAMS OR NOT DEFINED BATCHAI_BUILD_PROGRAMS)
  find_path(PROMETHEUS_CPP_INCLUDE_DIR prometheus/registry.h REQUIRED)
  find_library(PROMETHEUS_CPP_CORE prometheus-cpp-core REQUIRED)
  add_library(prometheus-cpp::core UNKNOWN IMPORTED)
  set_target_properties(prometheus-cpp::core PROPERTIES
    IMPORTED_LOCATION ${PROMETHEUS_CPP_CORE} INTERFACE_INCLUDE_DIRECTORIES ${PROMETHEUS_CPP_INCLUDE_DIR})
endif()
