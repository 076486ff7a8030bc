#pragma once

#include "server/records/store_error.hpp"

#include <string>

namespace batchai::server::test {

/// What `work` throws as a StoreError, or `taken`.
template <class Work>
std::string refusal(const Work& work) {
  try {
    work();
  } catch (const StoreError& error) {
    return error.what();
  }
  return "taken";
}

}  // namespace batchai::server::test
