#pragma once

#include "batchai/core/error.hpp"

#include <cerrno>
#include <cstring>
#include <string>

namespace batchai::inline v1::files {

/// `cannot read 'PATH': No such file or directory`, from errno.
inline Error local_error(const std::string& what, const std::string& path) {
  return Error(what + " '" + path + "': " + std::strerror(errno));
}

}  // namespace batchai::inline v1::files
