#pragma once

/// Version of the library, by semantic versioning; docs/library.md says what each number promises.
#define BATCHAI_VERSION_MAJOR 0
#define BATCHAI_VERSION_MINOR 1
#define BATCHAI_VERSION_PATCH 0
#define BATCHAI_VERSION "0.1.0"

/// Around what a public header declares. Everything is in the inline namespace `batchai::v1`, whose number changes with
/// the binary interface, so that objects which were compiled for different ones do not link by mistake. What is in
/// there is let out of the shared library, and nothing else.
#define BATCHAI_NAMESPACE_BEGIN \
  namespace batchai {           \
  inline namespace v1 __attribute__((visibility("default"))) {
#define BATCHAI_NAMESPACE_END \
  }                           \
  }
