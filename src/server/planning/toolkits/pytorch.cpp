#include "batchai/core/http.hpp"
#include "server/faults/common_rules.hpp"
#include "server/faults/refusal.hpp"
#include "server/planning/job_command.hpp"
#include "server/planning/job_ports.hpp"
#include "server/planning/toolkits/checks.hpp"
#include "server/planning/toolkits/launch.hpp"

namespace batchai::server {

namespace {

constexpr int kFirstMasterPort = 23456;

void complete(const std::string& target, PyTorchSettings& settings, const JobSize& size) {
  complete_script(target, settings, size);
  if (is_given(settings.communication_backend)) {
    settings.communication_backend =
        enum_or_default(target + ".communicationBackend", *settings.communication_backend, {"TCP", "Gloo", "MPI"});
  } else if (*settings.process_count > 1) {
    throw invalid_content(target + ".communicationBackend",
                          target + ".communicationBackend: needed for more than one process (TCP, Gloo or MPI)");
  }
}

ToolkitPlan plan(const PyTorchSettings& settings, const ToolkitContext& context) {
  const auto backend = to_lower(settings.communication_backend.value_or(""));
  const auto command =
      script_command(settings.python_interpreter_path, settings.python_script_file_path, settings.command_line_args);
  ToolkitPlan plan;
  if (backend == "mpi") {
    plan = plan_mpi(context, settings.process_count, "export AZ_BATCHAI_TASK_INDEX=$OMPI_COMM_WORLD_RANK; " + command);
  } else {
    plan = plan_ranks(context, process_count(settings.process_count, context), command);
    plan.environment["AZ_BATCHAI_PYTORCH_INIT_METHOD"] =
        backend == "tcp" ? "tcp://" + Ports(context.nodes, context.provider, kFirstMasterPort).take(0)
                         : "file://" + (context.shared_temp / "pytorch_init").string();
  }
  if (!backend.empty()) {
    plan.environment["AZ_BATCHAI_PYTORCH_BACKEND"] = backend;
  }
  return plan;
}

}  // namespace

Toolkit pytorch_toolkit() {
  return ToolkitRow<PyTorchSettings>{
      "pyTorchSettings",       ToolType::kPyTorch, &JobCreateParameters::py_torch_settings,
      &Job::py_torch_settings, complete,           plan};
}

}  // namespace batchai::server
