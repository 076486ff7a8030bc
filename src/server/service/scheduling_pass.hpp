#pragma once

#include "server/service/engine.hpp"
#include "server/service/store.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace batchai::server {

/// What is to be done outside the store after a pass. All of it follows from the store's state alone, so that a pass
/// after a crash asks for the same again.
struct PassResult {
  /// Keys of jobs whose run the engine may not know yet.
  std::vector<std::string> start;
  /// Runs to be stopped.
  std::vector<std::string> stop;
  /// Ended runs whose outcome is in the store.
  std::vector<std::string> release;
  /// Key of the cluster and id of the node.
  std::vector<std::pair<std::string, std::string>> prepare;
  /// When time alone will make a pass do something.
  std::optional<Timestamp> look_again;
};

using Outcomes = std::map<std::string, RunOutcome>;

/// One round of the scheduler over the store: takes in outcomes of runs, ends what is created or deleted, sizes the
/// clusters and gives nodes to jobs.
PassResult run_scheduling_pass(Transaction& transaction, const Outcomes& outcomes, Timestamp now, Duration idle_period);

class JobRecord;

/// A job on nodes has ended (`job` says how, and is not saved yet): frees its nodes and writes it, notes its run for
/// release, and erases it if it was marked for deletion.
void settle_job(Transaction& transaction, JobRecord& job, const std::string& run_id, Timestamp now);

/// The run's records are gone.
void forget_released(Transaction& transaction, const std::string& run_id);

}  // namespace batchai::server
