#pragma once

#include "cli/app/context.hpp"

#include <string>
#include <vector>

namespace batchai::cli {

/// Whose names are possible as a value.
enum class NameKind { None, Group, Workspace, Cluster, Experiment, Job, FileServer, Share, Profile };

/// The names that exist. `arguments` say where, as -g and -w do; where they do not say enough, there are none. Throws
/// as the service's clients do.
std::vector<std::string> existing_names(NameKind kind, const Arguments& arguments, Context& context);

}  // namespace batchai::cli
