#pragma once

#include "batchai/core/error.hpp"
#include "files/transfer/file_job.hpp"

#include <functional>

namespace batchai::inline v1::files {

/// A step that is done at once.
class SimpleJob final : public FileJob {
 public:
  explicit SimpleJob(std::function<void()> work) : work_(std::move(work)) {}
  Beginning begin() override {
    work_();
    return {};
  }

 private:
  std::function<void()> work_;
};

/// Runs a request; a target that does not exist is no error.
template <class Request>
void ignore_missing(const Request& request) {
  try {
    request();
  } catch (const NotFound&) {  // it is gone already
  }
}

}  // namespace batchai::inline v1::files
