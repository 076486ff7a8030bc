#include "core/file_time.hpp"

#include <algorithm>

namespace batchai::inline v1 {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
constexpr std::int64_t kFirst = -62'135'596'800;
constexpr std::int64_t kLast = 253'402'300'799;

}  // namespace

Timestamp to_timestamp(const timespec& time) {
  const std::int64_t whole = std::clamp<std::int64_t>(time.tv_sec, kFirst, kLast);
  return Timestamp(Ticks(seconds(whole)) + std::chrono::duration_cast<Ticks>(nanoseconds(time.tv_nsec)));
}

timespec to_timespec(Timestamp time) {
  const auto whole = std::chrono::floor<seconds>(time);
  const auto rest = std::chrono::duration_cast<nanoseconds>(time - whole);
  return {static_cast<time_t>(whole.time_since_epoch().count()), static_cast<long>(rest.count())};
}

}  // namespace batchai::inline v1
