#pragma once

#include "files/transfer/copy_job.hpp"
#include "files/transfer/plan.hpp"

namespace batchai::inline v1::files {

PlannedStep plan_copy(CopyPlan copy, std::string source, std::string target);

/// All below `source` into the directory `target`.
class FolderCopy {
 public:
  FolderCopy(TransferPlan& plan, const TransferOptions& options, const CallContext& context);
  void add(const DirectoryClient& source, const DirectoryClient& target);

 private:
  void add_folder(const RemoteDirectory& source, const RemoteDirectory& target, const std::string& relative);
  void add_entry(const RemoteDirectory& source, const RemoteDirectory& target, const std::string& relative,
                 const DirectoryEntry& entry, const std::map<std::string, DirectoryEntry>& present);

  TransferPlan& plan_;
  const TransferOptions& options_;
  const CallContext& context_;
  const Filter filter_;
};

}  // namespace batchai::inline v1::files
