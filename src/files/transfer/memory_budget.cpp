#include "files/transfer/memory_budget.hpp"

#include "files/transfer/connection_gate.hpp"

#include <algorithm>

namespace batchai::inline v1::files {

MemoryBudget::Share MemoryBudget::take(std::uint64_t bytes, const CallContext& context, Clock& clock) {
  const std::uint64_t wanted = std::min(bytes, total_);
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kLook, [&] { return free_ >= wanted; })) {
    require_going_on(context, clock);
  }
  free_ -= wanted;
  return {*this, wanted};
}

void MemoryBudget::give_back(std::uint64_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    free_ += bytes;
  }
  changed_.notify_all();
}

}  // namespace batchai::inline v1::files
