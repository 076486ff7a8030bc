#pragma once

#include "batchai/core/time.hpp"
#include "server/files/auth/stored_policies.hpp"
#include "server/files/disk/attributes.hpp"
#include "server/files/disk/lease.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace batchai::server::files {

/// What is stored about a share besides its folder.
struct ShareRecord {
  /// In GiB.
  std::int64_t quota = 5120;
  Timestamp modified = {};
  /// As `Hot`; empty when none was set. Stored and returned, without effect.
  std::string access_tier = {};
  /// When it was last set, and what it was before; for a new share when it was made, and empty.
  std::optional<Timestamp> access_tier_changed = {};
  std::string access_tier_before = {};
  Metadata metadata = {};
  std::optional<Lease> lease = {};
  std::vector<StoredPolicy> policies = {};

  std::string etag() const;
  /// The access tier, with the usual one for a share that has none.
  std::string tier() const { return access_tier.empty() ? "TransactionOptimized" : access_tier; }
  /// `pending-from-hot` for as long as the service takes for a change of the tier, else empty.
  std::string tier_transition(Timestamp now) const;
};

/// Default values for a record that is not there or cannot be read.
ShareRecord read_share_record(const std::filesystem::path& file);
/// Makes the folder when needed. Throws std::system_error.
void write_share_record(const std::filesystem::path& file, const ShareRecord& record);

}  // namespace batchai::server::files
