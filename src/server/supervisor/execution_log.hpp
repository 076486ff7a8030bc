#pragma once

#include "core/descriptor.hpp"
#include "server/run/engine.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace batchai::server {

/// The service's log of a run: one file per node, lines of time and text, added to what is there. Never holds
/// values of environment variables.
class ExecutionLog {
 public:
  /// Opens the logs of all nodes that have one. Throws as open_output_file() does.
  explicit ExecutionLog(const RunPlan& plan);

  /// Something about the run as a whole: into the log of every node.
  void write(std::string_view text);
  /// Something that happened on one node.
  void write(std::size_t node, std::string_view text);

 private:
  std::vector<Descriptor> files_;
};

}  // namespace batchai::server
