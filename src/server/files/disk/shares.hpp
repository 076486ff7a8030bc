#pragma once

#include "core/descriptor.hpp"
#include "server/files/disk/attributes.hpp"
#include "server/files/disk/share_record.hpp"
#include "server/trash/trash.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace batchai::server::files {

/// Shares as folders `root/<account>/<share>`; their records are `root/<account>/.shares/<share>.json`, out of reach of
/// share names; deleted ones wait in `root/.deleted`. A folder without a record is a share with default values.
/// Thread-safe.
class Shares {
 public:
  /// Whether an update is one that clients see in ETag and Last-Modified.
  enum class Visibility { Seen, Unseen };

  /// Continues removals that were interrupted; `report` as in TrashOptions. What is removed loses its attributes.
  Shares(std::filesystem::path root, const AttributeStore& attributes, std::function<void(const std::string&)> report);

  /// Sorted by name.
  std::vector<std::string> names(const std::string& account) const;
  /// The share's folder, open. Throws ShareNotFound, InvalidResourceName.
  Descriptor open(const std::string& account, const std::string& share) const;
  bool exists(const std::string& account, const std::string& share) const;
  /// Throws ShareNotFound.
  ShareRecord record(const std::string& account, const std::string& share) const;
  /// Of a share whose folder is open.
  ShareRecord record(const std::string& account, const std::string& share, int folder) const;
  /// Throws ShareAlreadyExists. The moment of change is set here.
  ShareRecord create(const std::string& account, const std::string& share, ShareRecord record) const;
  /// Reads the record, lets `edit` change it, and writes it, as one step. If `edit` throws, it stays as it was.
  /// Throws ShareNotFound.
  ShareRecord update(const std::string& account, const std::string& share,
                     const std::function<void(ShareRecord&)>& edit, Visibility visibility = Visibility::Seen) const;
  /// With all that is in it, if `check` does not throw. Its name is free when this returns; the disk some time later.
  /// Throws ShareNotFound.
  void remove(const std::string& account, const std::string& share,
              const std::function<void(const ShareRecord&)>& check = {}) const;

  /// All of the account's shares, if it has any.
  void remove_account(const std::string& account) const;

  const std::filesystem::path& root() const noexcept { return root_; }
  /// Where files that belong to a share, but not into its folder, are kept: `root/<account>/.shares/<share>.<suffix>`.
  std::filesystem::path side_file(const std::string& account, const std::string& share, const char* suffix) const;
  /// Moves a folder below `root` away at once and removes it later. Throws ShareNotFound when it is not there.
  void discard(const std::filesystem::path& folder) const;

 private:
  std::filesystem::path root_;
  std::unique_ptr<Trash> trash_;
};

}  // namespace batchai::server::files
