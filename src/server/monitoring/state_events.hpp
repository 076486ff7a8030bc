#pragma once

#include "server/monitoring/observed_store.hpp"
#include "server/monitoring/server_log.hpp"

#include <string>
#include <vector>

namespace batchai::server {

/// Something that happened to a job, a cluster, a node or a file server.
struct StateEvent {
  /// `job`, `cluster`, `node`, `fileServer`.
  std::string subject;
  /// State after it; `deleted` for what is gone.
  std::string state;
  /// With `id`, `state` and `was`; for a job that is not deleted also what it has of `exit_code`, `error` and `run`.
  std::vector<LogField> fields;
};

/// What a change of the store means as an event. Holds names and states, no values that users chose to hide.
std::vector<StateEvent> state_events(const StoreChange& change);

}  // namespace batchai::server
