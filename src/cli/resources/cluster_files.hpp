#pragma once

#include "batchai/files/directory_client.hpp"
#include "batchai/models/cluster.hpp"
#include "cli/app/context.hpp"

#include <string>

namespace batchai::cli {

/// The directory with what the setup task of a cluster writes, or one below. Throws CommandError where it is not on a
/// file share that the cluster mounts.
files::DirectoryClient open_setup_output(const NodeSetup& setup, const std::string& below, const Arguments& arguments,
                                         const Context& context);

}  // namespace batchai::cli
