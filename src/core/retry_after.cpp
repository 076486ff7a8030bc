#include "core/retry_after.hpp"

#include "core/parse_number.hpp"

#include <algorithm>

namespace batchai::inline v1 {

std::optional<Duration> retry_after(const Headers& headers, Timestamp now) {
  const std::string* value = headers.find("Retry-After");
  if (value == nullptr) {
    return std::nullopt;
  }
  constexpr std::chrono::seconds kLongest = std::chrono::days(7);
  if (const auto seconds = parse_number<std::int64_t>(*value); seconds && *seconds >= 0) {
    return std::chrono::seconds(std::min<std::int64_t>(*seconds, kLongest.count()));
  }
  if (const auto date = parse_http_date(*value)) {
    return std::clamp<Duration>(*date - now, Duration::zero(), kLongest);
  }
  return std::nullopt;
}

}  // namespace batchai::inline v1
