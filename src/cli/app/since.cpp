#include "cli/app/since.hpp"

#include "cli/frame/errors.hpp"
#include "core/parse_number.hpp"

#include <chrono>
#include <optional>

namespace batchai::cli {
namespace {

/// Ten years, so that no clock runs over.
constexpr std::int64_t kLongestAgo = 3'650LL * 86'400;

std::optional<std::int64_t> seconds_in(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3'600;
    case 'd':
      return 86'400;
    case 'w':
      return 604'800;
    default:
      return std::nullopt;
  }
}

}  // namespace

Timestamp moment_of(const std::string& option, const std::string& value, Timestamp now) {
  if (const auto moment = parse_iso8601(value)) {
    return *moment;
  }
  const auto unit = value.empty() ? std::nullopt : seconds_in(value.back());
  const auto number = parse_number<std::int64_t>(value.substr(0, value.size() - (unit ? 1 : 0)));
  if (!unit || !number || *number < 0 || *number > kLongestAgo / *unit) {
    throw UsageError(option + ": '" + value + "' is no time",
                     "give a number with s, m, h, d or w, as 2h, or a moment, as 2018-06-21T17:00:00Z");
  }
  return now - std::chrono::seconds(*number * *unit);
}

}  // namespace batchai::cli
