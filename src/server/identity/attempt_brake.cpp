#include "server/identity/attempt_brake.hpp"

#include <algorithm>

namespace batchai::server {
namespace {

constexpr int kFreeFailures = 5;
constexpr int kLongestPower = 6;
constexpr std::chrono::seconds kLongestPause{60};
constexpr std::chrono::minutes kMemory{10};
/// More addresses than this are not slowed down, so that they take no more memory.
constexpr std::size_t kMostRecords = 10'000;

}  // namespace

std::optional<std::chrono::seconds> AttemptBrake::pause_of(const std::string& who) {
  const std::scoped_lock lock(mutex_);
  const auto now = clock_->now();
  const auto found = records_.find(who);
  if (found == records_.end() || found->second.until <= now) {
    return std::nullopt;
  }
  return std::chrono::ceil<std::chrono::seconds>(found->second.until - now);
}

void AttemptBrake::note_failure(const std::string& who) {
  const std::scoped_lock lock(mutex_);
  const auto now = clock_->now();
  forget_old(now);
  Record& record = records_[who];
  ++record.failures;
  record.last = now;
  if (record.failures >= kFreeFailures) {
    const int power = std::min(record.failures - kFreeFailures, kLongestPower);
    record.until = now + std::min(std::chrono::seconds(1 << power), kLongestPause);
  }
}

void AttemptBrake::note_success(const std::string& who) {
  const std::scoped_lock lock(mutex_);
  records_.erase(who);
}

void AttemptBrake::forget_old(Timestamp now) {
  std::erase_if(records_, [now](const auto& entry) { return entry.second.last + kMemory < now; });
  if (records_.size() >= kMostRecords) {
    records_.clear();
  }
}

}  // namespace batchai::server
