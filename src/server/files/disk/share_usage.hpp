#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace batchai::server::files {

/// Enforces the quotas of shares. Counting what a share holds means walking through it, so counts are kept: what
/// requests add is added to them, and they are renewed after a while (jobs write, too) and before anything is refused.
/// Thread-safe.
class ShareUsage {
 public:
  /// `share` is the open folder of the share `name`. Throws ShareSizeLimitReached when it has no room for `growth` more
  /// bytes within `quota`.
  void grow(const std::string& name, int share, std::uint64_t quota, std::uint64_t growth);

 private:
  struct Count {
    std::uint64_t bytes = 0;
    std::chrono::steady_clock::time_point renew_at = {};
  };

  static Count count(int share);

  std::mutex mutex_;
  std::map<std::string, Count> counts_;
};

}  // namespace batchai::server::files
