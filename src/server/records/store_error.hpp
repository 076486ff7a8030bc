#pragma once

#include "batchai/core/error.hpp"

namespace batchai::server {

/// The database cannot be opened, read or written. `what()` names it and what to do.
class StoreError : public Error {
 public:
  using Error::Error;
};

/// It is another process that has it open.
class StoreInUse : public StoreError {
 public:
  using StoreError::StoreError;
};

}  // namespace batchai::server
