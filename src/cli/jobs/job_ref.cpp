#include "cli/jobs/job_ref.hpp"

#include "batchai/batchai/client.hpp"
#include "cli/app/services.hpp"

namespace batchai::cli {

JobRef job_of(const Arguments& arguments, std::string_view name) {
  return {arguments.get("resource-group"), arguments.get("workspace"), arguments.get("experiment"),
          arguments.get(name)};
}

std::string options_of(const JobRef& ref) {
  return "-g " + ref.group + " -w " + ref.workspace + " -e " + ref.experiment;
}

Job get_job(const JobRef& ref, const Context& context) {
  return context.services.batchai().jobs().get(ref.group, ref.workspace, ref.experiment, ref.job, context.call());
}

std::string state_text(const Job& job) {
  const std::string state = job.execution_state.value();
  const bool waits = job.execution_state == ExecutionState::kQueued && job.waiting_reason;
  return waits ? state + " (" + job.waiting_reason->code + ")" : state;
}

int exit_code_of(const Job& job) {
  if (job.execution_state == ExecutionState::kSucceeded) {
    return kDone;
  }
  const int own = job.execution_info ? job.execution_info->exit_code.value_or(-1) : -1;
  const int code = ((own % 256) + 256) % 256;
  return code == 0 ? kNoJobExitCode : code;
}

}  // namespace batchai::cli
