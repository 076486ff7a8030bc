#pragma once

#include "batchai/core/time.hpp"
#include "core/descriptor.hpp"
#include "server/files/attributes.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::server::files {

/// What is known of a share besides its folder.
struct ShareRecord {
  /// In GiB. Kept and reported; the use of a share is not held against it.
  std::int64_t quota = 5120;
  Timestamp modified = {};
  Metadata metadata = {};

  std::string etag() const;
};

/// Shares as folders `root/<account>/<share>`; their records are `root/<account>/.shares/<share>.json`, out of reach of
/// share names. A folder without a record is a share with default values. Thread-safe.
class Shares {
 public:
  /// Finishes removals that were interrupted.
  explicit Shares(std::filesystem::path root);

  /// Sorted by name.
  std::vector<std::string> names(const std::string& account) const;
  /// The share's folder, open. Throws ShareNotFound, InvalidResourceName.
  Descriptor open(const std::string& account, const std::string& share) const;
  /// Throws ShareNotFound.
  ShareRecord record(const std::string& account, const std::string& share) const;
  /// Throws ShareAlreadyExists. The moment of change is set here.
  ShareRecord create(const std::string& account, const std::string& share, ShareRecord record) const;
  /// Writes the record with a later moment of change. Throws ShareNotFound.
  ShareRecord update(const std::string& account, const std::string& share, ShareRecord record) const;
  /// With all that is in it. Throws ShareNotFound.
  void remove(const std::string& account, const std::string& share) const;

 private:
  std::filesystem::path record_file(const std::string& account, const std::string& share) const;

  std::filesystem::path root_;
};

}  // namespace batchai::server::files
