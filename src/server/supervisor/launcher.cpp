#include "server/supervisor/launcher.hpp"

#include "server/supervisor/launch.hpp"
#include "server/supervisor/process_table.hpp"

#include <sys/wait.h>

namespace batchai::server {

int exit_code_of_status(int status) { return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status); }

pid_t LocalLauncher::start(const RunPlan& plan, const RunProcess& process) {
  return launch(plan, process, [this](pid_t first) {
    if (records_ != nullptr) {
      records_->note_sandbox({.pid = first, .start_time = process_start_time(first).value_or(0)});
    }
  });
}

}  // namespace batchai::server
