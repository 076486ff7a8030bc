#include "core/seconds.hpp"

namespace batchai::inline v1 {

std::int64_t epoch_seconds(Timestamp time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::string format_iso8601_seconds(Timestamp time) {
  return format_iso8601(std::chrono::floor<std::chrono::seconds>(time));
}

std::string format_iso8601_basic(Timestamp time) {
  std::string text = format_iso8601_seconds(time);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

}  // namespace batchai::inline v1
