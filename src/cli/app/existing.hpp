#pragma once

#include "batchai/core/error.hpp"
#include "cli/frame/errors.hpp"

#include <string>

namespace batchai::cli {

/// For creates that must not find an existing resource. `get` asks for the resource: an answer other than 404 is an
/// error, CommandError (exit 1: the command line is right, and the service has it already) with `message` and `hint`
/// where it was found.
template <class Get>
void refuse_existing(Get get, const std::string& message, const std::string& hint) {
  try {
    get();
  } catch (const NotFound&) {
    return;
  }
  throw CommandError(kFailed, message, hint);
}

}  // namespace batchai::cli
