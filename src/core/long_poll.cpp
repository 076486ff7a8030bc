#include "core/long_poll.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace batchai::inline v1 {
namespace {

using std::chrono::seconds;

/// Shorter than what proxies between client and service let pass without an answer.
constexpr seconds kLongestWait{20};
/// For the answer to come back.
constexpr std::chrono::milliseconds kWay{250};

}  // namespace

void prefer_wait(Headers& headers, const CallContext& context, const Clock& clock) {
  seconds length = kLongestWait;
  if (context.deadline) {
    length = std::min(length, std::chrono::floor<seconds>(*context.deadline - clock.steady_now() - kWay));
  }
  if (length > seconds(0)) {
    headers.set("Prefer", "wait=" + std::to_string(length.count()));
  }
}

bool has_waited(const HttpResponse& response) {
  return to_lower(response.headers.get("Preference-Applied")).find("wait") != std::string::npos;
}

}  // namespace batchai::inline v1
