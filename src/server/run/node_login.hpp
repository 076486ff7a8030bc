#pragma once

#include "server/run/engine.hpp"

#include <string>

namespace batchai::server {

/// Somebody who may sign in to a node, and what he sees there.
struct NodeLogin {
  std::string user;
  /// A line of OpenSSH's `authorized_keys`; empty: nobody can sign in.
  std::string public_key = {};
  /// Of which nothing is run: variables and node are those of its only process. It has a sandbox. Holds secrets.
  RunPlan plan = {};
  /// Whether the folders and mounts of the plan have to be made: nothing else does.
  bool makes_folders = false;
};

}  // namespace batchai::server
