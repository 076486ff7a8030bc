#pragma once

#include "cli/app/context.hpp"

#include <string>
#include <vector>

namespace batchai::cli {

/// Where a run takes place, by name.
struct RunPlace {
  std::string group;
  std::string workspace;
  std::string experiment;
  /// By its full id, as one in another workspace, or by name.
  std::string cluster;
  /// Whether it is called after its size, and not named by an option or a setting.
  bool is_own_cluster = false;
  /// Of its storage account.
  std::string share;
  std::string account;
  std::string job;
  /// On the share, for what is uploaded: of this run alone, also where jobs elsewhere have the same name.
  std::string folder;

  /// From options and defaults. `what` is what is run, for a name of the job that is not given. Throws
  /// InvalidArgument for names that are not allowed, and CommandError where account or key cannot be found.
  static RunPlace of(const Arguments& arguments, const std::string& what, const Context& context);

  bool has_cluster_id() const { return cluster.starts_with('/'); }
  /// `-g … -w …`
  std::vector<std::string> in_workspace() const { return {"-g", group, "-w", workspace}; }
  /// `-g … -w … -e …`
  std::vector<std::string> in_experiment() const { return {"-g", group, "-w", workspace, "-e", experiment}; }
  /// Where the job sees the share.
  std::string mounted() const { return "$AZ_BATCHAI_JOB_MOUNT_ROOT/" + share; }
  /// Where the job sees what was uploaded for it.
  std::string uploaded() const { return mounted() + "/" + folder; }
};

/// The options that say it, and what a cluster that is made is like.
std::vector<OptionSpec> place_options();

}  // namespace batchai::cli
