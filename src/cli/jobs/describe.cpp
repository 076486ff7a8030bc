#include "cli/jobs/describe.hpp"

#include "batchai/batchai/client.hpp"
#include "batchai/models/resource_id.hpp"
#include "cli/app/log_lines.hpp"
#include "cli/app/services.hpp"
#include "cli/jobs/logs.hpp"
#include "cli/jobs/wait.hpp"
#include "cli/jobs/waiting_reason.hpp"

#include <iomanip>
#include <ostream>
#include <sstream>

namespace batchai::cli {
namespace {

constexpr std::size_t kLines = 5;
constexpr int kNameWidth = 12;

/// A document of lines `Name:  value`.
class Description {
 public:
  Description(const JobRef& ref, const Context& context) : ref_(ref), context_(context) {}

  void print() {
    const Job job = get_job(ref_, context_);
    line("Name", job.name);
    line("Cluster", job.cluster ? parse_resource_id(job.cluster->id).name() : "");
    line("Toolkit", job.tool_type.value());
    line("Nodes", std::to_string(job.node_count));
    states(job);
    nodes(job);
    paths(job);
    logs(job);
  }

 private:
  void line(const std::string& name, const std::string& value) {
    if (!value.empty()) {
      context_.io.out << std::left << std::setw(kNameWidth) << name + ": " << value << '\n';
    }
  }

  void moment(const std::string& name, const std::optional<Timestamp>& time) {
    line(name, time ? moment_text(*time) : "");
  }

  void states(const Job& job) {
    const auto info = job.execution_info.value_or(JobExecutionInfo{});
    line("State", state_text(job) + (job.execution_state_transition_time
                                         ? " since " + moment_text(*job.execution_state_transition_time)
                                         : ""));
    line("Reason", waiting_text(job));
    moment("Submitted", job.creation_time);
    moment("Started", info.start_time);
    moment("Ended", info.end_time);
    line("Exit code", info.exit_code ? std::to_string(*info.exit_code) : "");
    for (const BatchAiError& error : info.errors) {
      if (job.execution_state != ExecutionState::kQueued) {
        line("Error", error_text(error));
      }
    }
  }

  /// While it has nodes.
  void nodes(const Job& job) {
    if (job.execution_state != ExecutionState::kRunning && job.execution_state != ExecutionState::kTerminating) {
      return;
    }
    try {
      for (const auto& node : context_.services.batchai().jobs().list_remote_login_information(
               ref_.group, ref_.workspace, ref_.experiment, ref_.job, context_.call())) {
        line("Node", node.node_id + "  " + node.ip_address);
      }
    } catch (const ServiceError& error) {
      line("Node", "cannot be asked for: " + std::string(error.what()));
    }
  }

  void paths(const Job& job) {
    const std::string segment = "/" + job.job_output_directory_path_segment.value_or("");
    line("Output", job.std_out_err_path_prefix + segment + "/stdouterr");
    for (const OutputDirectory& directory : job.output_directories) {
      line("Output", "$AZ_BATCHAI_OUTPUT_" + directory.id + " = " + directory.path_prefix + segment + "/outputs" +
                         (directory.path_suffix ? "/" + *directory.path_suffix : ""));
    }
    for (const InputDirectory& directory : job.input_directories) {
      line("Input", "$AZ_BATCHAI_INPUT_" + directory.id + " = " + directory.path);
    }
  }

  void logs(const Job& job) {
    if (job.execution_state == ExecutionState::kQueued) {
      return;
    }
    try {
      for (const JobLog& log : main_logs(list_logs(ref_, context_))) {
        show(log);
      }
      line("All logs", logs_command(ref_) + " --all");
    } catch (const ServiceError& error) {
      line("Logs", "cannot be read: " + std::string(error.what()));
    }
  }

  void show(const JobLog& log) {
    if (log.size == 0) {
      line(log.name, "empty");
      return;
    }
    const LogTail tail = tail_of(ref_, log, kLines, context_);
    context_.io.out << log.name << (tail.begin == 0 ? ":" : ", the last lines:") << '\n';
    std::istringstream lines(tail.text);
    for (std::string text; std::getline(lines, text);) {
      context_.io.out << "  " << shown_line(text) << '\n';
    }
  }

  const JobRef& ref_;
  const Context& context_;
};

}  // namespace

void describe_job(const JobRef& ref, const Context& context) { Description(ref, context).print(); }

}  // namespace batchai::cli
