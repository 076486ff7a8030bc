#pragma once

#include "batchai/core/error.hpp"

namespace batchai::server {

/// The database cannot be opened, read or written. `what()` names it and what to do.
class StoreError : public Error {
 public:
  using Error::Error;
};

}  // namespace batchai::server
