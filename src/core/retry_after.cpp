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
  constexpr std::int64_t kLongest = std::int64_t{7} * 24 * 3600;
  if (error == std::errc() && end == value->data() + value->size() && seconds >= 0) {
    return std::chrono::seconds(std::min(seconds, kLongest));
  }
  if (const auto date = parse_http_date(*value)) {
    return std::max(Duration::zero(), *date - now);
  }
  return std::nullopt;
}

}  // namespace batchai
