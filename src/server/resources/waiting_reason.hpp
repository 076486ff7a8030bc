#pragma once

#include "server/records/store.hpp"
#include "server/resources/visible_groups.hpp"

#include <map>
#include <memory>
#include <string>

namespace batchai::server {

/// Says in the texts of jobs that are queued what they wait for, as the member `waitingReason` behind
/// `executionState`. Nothing of it is stored: it follows from the job and its cluster as they are in a transaction, in
/// which each cluster is read once. Of clusters that are not visible only the code is said.
class WaitingReasons {
 public:
  WaitingReasons(Transaction& transaction, VisibleGroups visible);
  ~WaitingReasons();
  WaitingReasons(const WaitingReasons&) = delete;
  WaitingReasons& operator=(const WaitingReasons&) = delete;

  /// `job` is as Transaction::text() has it. Nothing is added to jobs that are not queued, or that need not wait.
  void add_to(DocumentText& job);

 private:
  struct Cluster;
  /// Null if there is none.
  const Cluster* cluster(const std::string& key);

  Transaction& transaction_;
  VisibleGroups visible_;
  std::map<std::string, std::unique_ptr<Cluster>> clusters_;
};

}  // namespace batchai::server
