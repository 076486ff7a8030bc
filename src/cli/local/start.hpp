#pragma once

#include "cli/app/context.hpp"
#include "cli/local/server_process.hpp"

namespace batchai::cli {

/// `local start`: starts the service with the command's options unless it runs, and waits until it is ready. False in a
/// dry run, which only prints what would be done. Throws UsageError for options that cannot work.
bool start_service(const ServerProcess& server, const Arguments& arguments, const Context& context);

}  // namespace batchai::cli
