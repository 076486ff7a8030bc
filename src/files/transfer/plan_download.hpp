#pragma once

#include "files/transfer/download_job.hpp"
#include "files/transfer/plan.hpp"

#include <filesystem>

namespace batchai::inline v1::files {

PlannedStep plan_download(DownloadPlan download, std::string source);

/// All below `source` into the folder `target`.
class FolderDownload {
 public:
  FolderDownload(TransferPlan& plan, const TransferOptions& options, const CallContext& context);
  void add(const DirectoryClient& source, const std::filesystem::path& target);

 private:
  struct Folder {
    RemoteDirectory source;
    std::filesystem::path root;
    std::vector<std::string> parts;

    std::string relative() const;
    std::filesystem::path path() const;
  };

  void add_folder(const Folder& folder);
  void add_entry(const Folder& folder, const DirectoryEntry& entry);
  /// Of what is not in `present`; `goes`: the folder itself is removed too.
  void plan_removals(Removals& removals, const Folder& folder, const std::vector<DirectoryEntry>& present, bool goes);
  /// Removes one name with everything below it, as far as the filter lets it pass.
  void plan_removal(Removals& removals, const Folder& folder, const std::string& name);
  void plan_clearing(const Folder& folder, const DirectoryEntry& entry);

  TransferPlan& plan_;
  const TransferOptions& options_;
  const CallContext& context_;
  const Filter filter_;
};

}  // namespace batchai::inline v1::files
