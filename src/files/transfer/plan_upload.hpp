#pragma once

#include "files/transfer/plan.hpp"
#include "files/transfer/upload_job.hpp"

#include <cstdint>
#include <filesystem>

namespace batchai::inline v1::files {

PlannedStep plan_upload(UploadPlan upload, std::string target);

/// All below local folders into directories.
class FolderUpload {
 public:
  FolderUpload(TransferPlan& plan, const TransferOptions& options, const CallContext& context);
  void add(const std::filesystem::path& source, const DirectoryClient& target);

 private:
  struct Folder {
    std::filesystem::path path;
    std::string relative;
    RemoteDirectory target;
    /// Folders that lead here, by device and inode: a link back to one of them would have no end.
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ancestors;
  };

  void add_folder(const Folder& folder);
  void add_entry(const Folder& folder, const std::filesystem::directory_entry& entry,
                 const std::map<std::string, DirectoryEntry>& present);
  void add_inner_folder(const Folder& folder, const std::string& name);
  void leave_out(const std::filesystem::path& path, const std::string& reason);

  TransferPlan& plan_;
  const TransferOptions& options_;
  const CallContext& context_;
  const Filter filter_;
};

}  // namespace batchai::inline v1::files
