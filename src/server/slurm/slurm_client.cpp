#include "server/slurm/slurm_client.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

namespace batchai::server {

namespace {

using std::chrono::seconds;

constexpr seconds kPingTimeout{3};
constexpr seconds kCallTimeout{20};
/// Longer than sbatch itself waits for a slow controller.
constexpr seconds kSubmitTimeout{60};
constexpr std::string_view kComment = "batchai:";
/// Jobs in one call of scancel.
constexpr std::ptrdiff_t kJobsAtOnce = 200;

/// What sbatch says where the request may have reached the controller, or may be taken later. All else is a refusal.
constexpr std::array<std::string_view, 10> kPassing{
    "Unable to contact", "Socket timed out",  "temporarily unable", "Zero Bytes",          "Connection refused",
    "ommunication",      "backup controller", "cannot start",       "Unable to open file", "authentication"};

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string why(const CommandResult& result) {
  return result.timed_out ? "it did not answer in time" : first_line(result.errors);
}

void add_if_given(std::vector<std::string>& arguments, const char* option, const std::string& value) {
  if (!value.empty()) {
    arguments.push_back(std::string(option) + "=" + value);
  }
}

/// A job's name without what Slurm or people would stumble over.
std::string plain_name(const std::string& name) {
  std::string result = "batchai-";
  for (const char c : name) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    result += plain ? c : '_';
  }
  return result;
}

std::string minutes_for(std::chrono::seconds limit, std::optional<std::int64_t> most) {
  // The supervisor ends the run; a minute more for that.
  const auto wanted = std::chrono::ceil<std::chrono::minutes>(limit).count() + 1;
  return std::to_string(std::min(wanted, most.value_or(wanted)));
}

}  // namespace

std::string comment_of(const std::string& run_id) { return std::string(kComment) + run_id; }

std::string run_of(const std::string& comment) {
  return comment.starts_with(kComment) ? comment.substr(kComment.size()) : "";
}

std::vector<std::string> submission_options(const SlurmRequest& request, const SlurmSettings& settings,
                                            std::optional<std::int64_t> time_limit) {
  const auto chosen = [&](const std::string& entries) { return value_for(entries, request.node_kind); };
  std::vector<std::string> arguments{"--parsable",
                                     "--job-name=" + plain_name(request.name),
                                     "--comment=" + comment_of(request.run_id),
                                     "--chdir=/",
                                     "--input=/dev/null",
                                     "--output=/dev/null",
                                     "--error=/dev/null",
                                     "--requeue",
                                     "--nodes=" + std::to_string(request.nodes),
                                     "--nice=" + std::to_string(request.rank * settings.nice_step)};
  if (request.nodes > 1) {
    arguments.emplace_back("--wait-all-nodes=1");
  }
  if (settings.exclusive) {
    arguments.emplace_back("--exclusive");
  } else {
    arguments.emplace_back("--ntasks-per-node=1");
    add_if_given(arguments, "--cpus-per-task", chosen(settings.cpus));
  }
  if (request.limit) {
    arguments.push_back("--time=" + minutes_for(*request.limit, time_limit));
  }
  add_if_given(arguments, "--partition", chosen(settings.partition));
  add_if_given(arguments, "--constraint", chosen(settings.constraint));
  add_if_given(arguments, "--account", chosen(settings.account));
  add_if_given(arguments, "--qos", chosen(settings.qos));
  add_if_given(arguments, "--mem", chosen(settings.memory));
  if (const auto gres = chosen(settings.gres); !gres.empty() && request.gpus > 0) {
    arguments.push_back("--gres=" + gres + ":" + std::to_string(request.gpus));
  }
  return arguments;
}

std::optional<std::string> SlurmClient::trouble() {
  const auto result = commands_->run("scontrol", {"ping"}, kPingTimeout);
  // `Slurmctld(primary) at host is UP`; one of several is enough. It fails if one is DOWN.
  if (!result.timed_out && result.output.find(" UP") != std::string::npos) {
    return std::nullopt;
  }
  return result.output.find(" DOWN") != std::string::npos ? "the controller of Slurm does not answer"
                                                          : "scontrol ping failed: " + why(result);
}

SlurmClient::Submission SlurmClient::submit(const SlurmRequest& request, const std::filesystem::path& run_folder,
                                            std::optional<std::int64_t> time_limit) {
  auto arguments = submission_options(request, settings_, time_limit);
  arguments.insert(arguments.end(), {"--export-file=" + paths_.environment.string(), paths_.script.string(),
                                     run_folder.string(), paths_.supervisor.string()});
  const auto result = commands_->run("sbatch", std::move(arguments), kSubmitTimeout);
  if (result.succeeded()) {
    // `id` or `id;cluster`
    return {.job = result.output.substr(0, result.output.find_first_of(";\n"))};
  }
  const bool passing = result.timed_out || std::ranges::any_of(kPassing, [&](std::string_view text) {
                         return result.errors.find(text) != std::string::npos;
                       });
  return {.refused = !passing, .message = why(result)};
}

std::optional<std::vector<QueuedJob>> SlurmClient::queue() {
  const auto result = commands_->run(
      "squeue", {"--noheader", "--all", "--me", "--states=all", std::string("--format=") + kQueueFormat}, kCallTimeout);
  return result.succeeded() ? std::optional(read_queue(result.output)) : std::nullopt;
}

std::optional<std::vector<SlurmNode>> SlurmClient::nodes() {
  const auto result =
      commands_->run("sinfo", {"--noheader", "--all", "--Node", std::string("--format=") + kNodeFormat}, kCallTimeout);
  return result.succeeded() ? std::optional(read_nodes(result.output)) : std::nullopt;
}

SlurmClient::JobAnswer SlurmClient::job(const std::string& id) {
  const auto result = commands_->run("scontrol", {"--oneliner", "show", "job", id}, kCallTimeout);
  if (result.succeeded()) {
    return {.known = true, .state = read_job(result.output)};
  }
  if (result.timed_out || result.errors.find("Invalid job id") == std::string::npos) {
    return {};
  }
  const auto accounting = commands_->run(
      "sacct", {"--noheader", "--parsable2", "--allocations", "--format=State,ExitCode,NodeList", "--jobs=" + id},
      kCallTimeout);
  return {.known = true, .state = accounting.succeeded() ? read_accounting(accounting.output) : std::nullopt};
}

bool SlurmClient::stop(const std::vector<std::string>& jobs) {
  const bool waiting = cancel({"--quiet", "--state=PENDING"}, jobs);
  const bool others = cancel({"--quiet", "--batch", "--signal=TERM"}, jobs);
  return waiting && others;
}

bool SlurmClient::end(const std::vector<std::string>& jobs) { return cancel({"--quiet"}, jobs); }

bool SlurmClient::cancel(const std::vector<std::string>& options, const std::vector<std::string>& jobs) {
  for (auto begin = jobs.begin(); begin != jobs.end();) {
    const auto end = begin + std::min(kJobsAtOnce, jobs.end() - begin);
    auto arguments = options;
    arguments.insert(arguments.end(), begin, end);
    if (commands_->run("scancel", std::move(arguments), kCallTimeout).timed_out) {
      return false;
    }
    begin = end;
  }
  return true;
}

}  // namespace batchai::server
