# libbatchai: the objects of the client's modules in one library. Nothing is compiled for it, and both kinds can be had from
# one build; BUILD_SHARED_LIBS says which of the two is batchai::batchai here and in the default installation.
#
# The programs link the modules themselves, so they run without the library.
option(BUILD_SHARED_LIBS "libbatchai as a shared library" OFF)

set(BATCHAI_LIBRARY_MODULES core models signing naming transport identity arm batchai files files_transfer dry_run)

function(batchai_library target kind)
  add_library(${target} ${kind})
  foreach(module IN LISTS BATCHAI_LIBRARY_MODULES)
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:batchai_${module}>)
  endforeach()
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME batchai EXPORT_NAME batchai LINKER_LANGUAGE CXX
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
  target_compile_features(${target} INTERFACE cxx_std_20)
  target_include_directories(${target} INTERFACE
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${target}
    PUBLIC nlohmann_json::nlohmann_json
    PRIVATE cpprestsdk::cpprest OpenSSL::SSL OpenSSL::Crypto pugixml::pugixml Threads::Threads)
endfunction()

batchai_library(batchai_static STATIC)
batchai_library(batchai_shared SHARED)

# Only what is ours is let out.
set(exports ${CMAKE_CURRENT_LIST_DIR}/batchai.map)
target_link_options(batchai_shared PRIVATE LINKER:--version-script=${exports})
set_target_properties(batchai_shared PROPERTIES LINK_DEPENDS ${exports})

if(BUILD_SHARED_LIBS)
  set(BATCHAI_KIND shared)
  set(BATCHAI_OTHER_KIND static)
else()
  set(BATCHAI_KIND static)
  set(BATCHAI_OTHER_KIND shared)
endif()
set_target_properties(batchai_${BATCHAI_OTHER_KIND} PROPERTIES EXCLUDE_FROM_ALL ON)
add_library(batchai::batchai ALIAS batchai_${BATCHAI_KIND})
