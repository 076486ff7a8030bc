#pragma once

#include "batchai/core/error.hpp"

namespace batchai::inline v1::files {

/// Runs a read; false when the service says that the resource, or anything above it, is not there.
template <class Read>
bool found(const Read& read) {
  try {
    read();
    return true;
  } catch (const ServiceError& error) {
    if (error.status() == 404) {
      return false;
    }
    throw;
  }
}

}  // namespace batchai::inline v1::files
