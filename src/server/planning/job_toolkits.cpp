#include "server/planning/job_toolkits.hpp"

#include "batchai/core/http.hpp"
#include "batchai/models/job.hpp"
#include "server/planning/job_command.hpp"
#include "server/planning/job_ports.hpp"
#include "server/planning/job_tensorflow.hpp"

#include <algorithm>

namespace batchai::server {

namespace {

constexpr int kPyTorchPort = 23456;

struct Context : ToolkitContext {
  int node_count() const { return static_cast<int>(nodes.size()); }
  int processes(const std::optional<std::int32_t>& count) const { return std::max(count.value_or(node_count()), 1); }
  int slots(int count) const { return (count + node_count() - 1) / node_count(); }
};

/// One launcher on the master that starts `count` processes on all nodes.
ToolkitPlan mpi_plan(const Context& context, const std::optional<std::int32_t>& process_count,
                     const std::string& command) {
  const int count = context.processes(process_count);
  // A single process needs no MPI runtime.
  return {
      .processes = {{.name = "main",
                     .command = count == 1 ? command : context.provider.mpi_command(count, command, context.programs)}},
      .environment = count == 1 ? one_process_environment() : Variables{},
      .slots = context.slots(count)};
}

/// One process per rank, spread over the nodes in their order.
ToolkitPlan ranks_plan(const Context& context, int count, const std::string& command) {
  ToolkitPlan plan{.slots = context.slots(count), .ends_on_failure = true};
  for (int rank = 0; rank < count; ++rank) {
    const auto index = std::to_string(rank);
    plan.processes.push_back({.name = "rank-" + index,
                              .node = static_cast<std::size_t>(rank / plan.slots),
                              .command = command,
                              .environment = {{"AZ_BATCHAI_TASK_INDEX", index}},
                              .log_tag = index});
  }
  return plan;
}

ToolkitPlan plan_cntk(const CntkSettings& settings, const Context& context) {
  const bool brain_script =
      settings.language_type ? iequals(*settings.language_type, "BrainScript") : settings.config_file_path.has_value();
  std::string command;
  if (brain_script) {
    command = "cntk configFile=" + shell_path(settings.config_file_path.value_or(""));
    command += settings.command_line_args ? " " + *settings.command_line_args : "";
  } else {
    command = script_command(settings.python_interpreter_path, settings.python_script_file_path.value_or(""),
                             settings.command_line_args);
  }
  auto plan = mpi_plan(context, settings.process_count, command);
  plan.environment["KERAS_BACKEND"] = "cntk";
  return plan;
}

ToolkitPlan plan_caffe(const CaffeSettings& settings, const Context& context) {
  if (!settings.config_file_path) {
    return mpi_plan(context, settings.process_count,
                    script_command(settings.python_interpreter_path, settings.python_script_file_path.value_or(""),
                                   settings.command_line_args));
  }
  auto command = "caffe train --solver=" + shell_path(*settings.config_file_path);
  command += settings.command_line_args ? " " + *settings.command_line_args : "";
  return mpi_plan(context, settings.process_count, command);
}

ToolkitPlan plan_pytorch(const PyTorchSettings& settings, const Context& context) {
  const auto backend = to_lower(settings.communication_backend.value_or(""));
  const auto command =
      script_command(settings.python_interpreter_path, settings.python_script_file_path, settings.command_line_args);
  ToolkitPlan plan;
  if (backend == "mpi") {
    plan = mpi_plan(context, settings.process_count, "export AZ_BATCHAI_TASK_INDEX=$OMPI_COMM_WORLD_RANK; " + command);
  } else {
    plan = ranks_plan(context, context.processes(settings.process_count), command);
    plan.environment["AZ_BATCHAI_PYTORCH_INIT_METHOD"] =
        backend == "tcp" ? "tcp://" + Ports(context.nodes, context.provider, kPyTorchPort).take(0)
                         : "file://" + (context.shared_temp / "pytorch_init").string();
  }
  if (!backend.empty()) {
    plan.environment["AZ_BATCHAI_PYTORCH_BACKEND"] = backend;
  }
  return plan;
}

/// Chainer and Horovod: a script under MPI and nothing else.
template <class Settings>
ToolkitPlan plan_mpi_script(const Settings& settings, const Context& context) {
  return mpi_plan(
      context, settings.process_count,
      script_command(settings.python_interpreter_path, settings.python_script_file_path, settings.command_line_args));
}

/// On the master only; such jobs fan out by themselves, with ssh or mpirun.
ToolkitPlan plan_custom(const CustomToolkitSettings& settings, const Context& context) {
  return {.processes = {{.name = "main", .command = settings.command_line.value_or("")}},
          .slots = std::max(context.nodes.front().gpus, 1)};
}

}  // namespace

ToolkitPlan plan_toolkit(const Job& job, const ToolkitContext& given) {
  const Context context{given};
  if (job.cntk_settings) {
    return plan_cntk(*job.cntk_settings, context);
  }
  if (job.tensor_flow_settings) {
    return plan_tensorflow(*job.tensor_flow_settings, context);
  }
  if (job.py_torch_settings) {
    return plan_pytorch(*job.py_torch_settings, context);
  }
  if (job.caffe_settings) {
    return plan_caffe(*job.caffe_settings, context);
  }
  if (job.caffe2_settings) {
    const auto& settings = *job.caffe2_settings;
    return ranks_plan(
        context, context.node_count(),
        script_command(settings.python_interpreter_path, settings.python_script_file_path, settings.command_line_args));
  }
  if (job.chainer_settings) {
    return plan_mpi_script(*job.chainer_settings, context);
  }
  if (job.horovod_settings) {
    return plan_mpi_script(*job.horovod_settings, context);
  }
  if (job.custom_mpi_settings) {
    return mpi_plan(context, job.custom_mpi_settings->process_count, job.custom_mpi_settings->command_line);
  }
  if (job.custom_toolkit_settings) {
    return plan_custom(*job.custom_toolkit_settings, context);
  }
  throw JobPlanError("InvalidJob", "The job has no toolkit settings.");
}

}  // namespace batchai::server
