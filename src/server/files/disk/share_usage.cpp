#include "server/files/disk/share_usage.hpp"

#include "server/files/disk/tree.hpp"
#include "server/files/http/storage_error.hpp"

#include <algorithm>

namespace batchai::server::files {
namespace {

using std::chrono::steady_clock;

/// A count is valid for a minute, or for longer where counting takes long: counting should take two hundredths of the
/// time.
constexpr std::chrono::seconds kShortestAge{60};
constexpr int kLeisure = 50;

}  // namespace

ShareUsage::Count ShareUsage::count(int share) {
  const auto begin = steady_clock::now();
  const std::uint64_t bytes = used_bytes(share);
  const auto end = steady_clock::now();
  return {bytes, end + std::max<steady_clock::duration>(kShortestAge, kLeisure * (end - begin))};
}

void ShareUsage::grow(const std::string& name, int share, std::uint64_t quota, std::uint64_t growth) {
  const auto fits = [&](const Count& known) { return growth <= quota && known.bytes <= quota - growth; };
  {
    const std::lock_guard lock(mutex_);
    const auto known = counts_.find(name);
    if (known != counts_.end() && steady_clock::now() < known->second.renew_at && fits(known->second)) {
      known->second.bytes += growth;
      return;
    }
  }
  Count renewed = count(share);
  const bool room = fits(renewed);
  renewed.bytes += room ? growth : 0;
  {
    const std::lock_guard lock(mutex_);
    counts_[name] = renewed;
  }
  if (!room) {
    throw StorageError("ShareSizeLimitReached");
  }
}

}  // namespace batchai::server::files
