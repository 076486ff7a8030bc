#pragma once

#include "batchai/models/file_server.hpp"
#include "cli/app/context.hpp"

#include <vector>

namespace batchai::cli {

/// All options of `file-server create` but the names and --no-wait.
std::vector<OptionSpec> file_server_create_options();

/// The body of `file-server create`: config file, then options. Throws UsageError.
FileServerCreateParameters build_file_server_parameters(const Arguments& arguments, const Context& context);

}  // namespace batchai::cli
