#pragma once

#include "files/transfer/download_job.hpp"
#include "files/transfer/plan.hpp"

#include <filesystem>

namespace batchai::files {

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
  void plan_removals(const Folder& folder, const std::vector<DirectoryEntry>& present, bool goes);
  void plan_removal_of_tree(const Folder& folder, const std::string& name);
  template <class Step>
  void guarded(const std::string& source, const std::filesystem::path& target, const Step& step);

  TransferPlan& plan_;
  const TransferOptions& options_;
  const CallContext& context_;
  const Filter filter_;
};

}  // namespace batchai::files
