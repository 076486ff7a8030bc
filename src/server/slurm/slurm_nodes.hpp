#pragma once

#include "server/run/node_provider.hpp"
#include "server/slurm/slurm_settings.hpp"
#include "server/slurm/slurm_text.hpp"

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace batchai::server {

/// What the last sinfo said. Thread-safe.
class SlurmNodes {
 public:
  explicit SlurmNodes(SlurmSettings settings) : settings_(std::move(settings)) {}

  /// Returns whether anything has changed that supply() or time_limit() tell.
  bool update(std::vector<SlurmNode> nodes);
  /// Whether the settings ask for a partition that Slurm does not have.
  std::optional<std::string> trouble() const;
  /// Whether there has been an update.
  bool are_known() const;
  /// Nothing before the first update.
  std::optional<NodeSupply> supply(const std::string& node_kind) const;
  /// Longest time of a job on nodes of this kind, in minutes.
  std::optional<std::int64_t> time_limit(const std::string& node_kind) const;

 private:
  /// Nodes of the kind that this machine could be at a time.
  int shares_of(const SlurmNode& node, const std::string& node_kind) const;
  bool is_of(const SlurmNode& node, const std::string& partition) const;

  SlurmSettings settings_;
  mutable std::mutex mutex_;
  bool known_ = false;
  std::vector<SlurmNode> nodes_;
};

}  // namespace batchai::server
