#include "core/retry_after.hpp"

#include <algorithm>
#include <charconv>

namespace batchai {

std::optional<Duration> retry_after(const Headers& headers, Timestamp now) {
  const std::string* value = headers.find("Retry-After");
  if (value == nullptr) {
    return std::nullopt;
  }
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), seconds);
  constexpr std::chrono::seconds kLongest = std::chrono::days(7);
  if (error == std::errc() && end == value->data() + value->size() && seconds >= 0) {
    return std::chrono::seconds(std::min<std::int64_t>(seconds, kLongest.count()));
  }
  if (const auto date = parse_http_date(*value)) {
    return std::clamp<Duration>(*date - now, Duration::zero(), kLongest);
  }
  return std::nullopt;
}

}  // namespace batchai
