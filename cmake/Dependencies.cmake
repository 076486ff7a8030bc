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
