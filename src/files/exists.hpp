#pragma once

#include "batchai/core/error.hpp"

namespace batchai::inline v1::files {

/// Runs a request; false when the service says that the resource, or anything above it, is not there.
template <class Request>
bool found(const Request& request) {
  try {
    request();
    return true;
  } catch (const NotFound&) {
    return false;
  }
}

/// Runs a request that makes something; false when the service says by `code` that it is there already.
template <class Make>
bool made(const Make& make, const char* code) {
  try {
    make();
    return true;
  } catch (const ServiceError& error) {
    if (error.code() == code) {
      return false;
    }
    throw;
  }
}

}  // namespace batchai::inline v1::files
