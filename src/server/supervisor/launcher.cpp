#include "server/supervisor/launcher.hpp"

#include "server/supervisor/launch.hpp"

#include <sys/wait.h>

namespace batchai::server {

int exit_code_of_status(int status) { return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status); }

pid_t LocalLauncher::start(const RunPlan& plan, const RunProcess& process) { return launch(plan, process); }

}  // namespace batchai::server
