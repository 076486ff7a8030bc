#pragma once

#include "batchai/core/clock.hpp"
#include "batchai/core/context.hpp"

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace batchai::inline v1::files {

/// Limits the memory of all buffers of a run together. Thread-safe.
class MemoryBudget {
 public:
  /// Returned by the destructor.
  class Share {
   public:
    Share(MemoryBudget& budget, std::uint64_t bytes) : budget_(&budget), bytes_(bytes) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { budget_->give_back(bytes_); }

   private:
    MemoryBudget* budget_;
    std::uint64_t bytes_;
  };

  explicit MemoryBudget(std::uint64_t bytes) : total_(bytes), free_(bytes) {}

  /// Waits for the room; what is larger than the whole budget takes all of it. Throws Cancelled or DeadlineExceeded.
  Share take(std::uint64_t bytes, const CallContext& context, Clock& clock);

 private:
  void give_back(std::uint64_t bytes);

  const std::uint64_t total_;
  std::uint64_t free_;
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace batchai::inline v1::files
