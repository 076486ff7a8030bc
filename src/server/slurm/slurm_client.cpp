#include "server/slurm/slurm_client.hpp"

#include "server/slurm/slurm_outcome.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

namespace batchai::server {

namespace {

using std::chrono::seconds;

constexpr seconds kPingTimeout{3};
constexpr seconds kCallTimeout{20};
/// Shorter than sbatch itself waits for a slow controller, or for room in its queue, as nothing else is done meanwhile:
/// whether the job was taken nevertheless, the queue tells.
constexpr seconds kSubmitTimeout{15};
constexpr std::string_view kComment = "batchai:";
constexpr int kNotInstalled = 127;
/// Jobs in one call of scancel.
constexpr std::ptrdiff_t kJobsAtOnce = 200;

/// What sbatch says where the job may be taken at another time, as the operator or the account's other jobs allow.
constexpr std::array<std::string_view, 3> kRefusedForNow{"not available (inactive", "submit limit",
                                                         "I/O error writing"};
/// What it says where the request may have reached the controller. All else is a refusal.
constexpr std::array<std::string_view, 10> kPassing{
    "Unable to contact", "Socket timed out",  "temporarily unable", "Zero Bytes",          "Connection refused",
    "ommunication",      "backup controller", "cannot start",       "Unable to open file", "authentication"};

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string why(const CommandResult& result) {
  const auto said = first_line(result.errors);
  return result.timed_out ? "it did not answer in time" + (said.empty() ? "" : " (" + said + ")") : said;
}

template <std::size_t count>
bool says_any(const CommandResult& result, const std::array<std::string_view, count>& texts) {
  return std::ranges::any_of(texts,
                             [&](std::string_view text) { return result.errors.find(text) != std::string::npos; });
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
  if (!result.timed_out && says_any(result, kRefusedForNow)) {
    return {.later = true, .message = why(result)};
  }
  return {.refused = !result.timed_out && !says_any(result, kPassing), .message = why(result)};
}

SlurmClient::Answer<std::vector<QueuedJob>> SlurmClient::queue() {
  const auto result = commands_->run(
      "squeue", {"--noheader", "--all", "--me", "--states=all", std::string("--format=") + kQueueFormat}, kCallTimeout);
  return result.succeeded() ? Answer<std::vector<QueuedJob>>{.value = read_queue(result.output)}
                            : Answer<std::vector<QueuedJob>>{.trouble = "squeue failed: " + why(result)};
}

SlurmClient::Answer<std::vector<SlurmNode>> SlurmClient::nodes() {
  const auto result =
      commands_->run("sinfo", {"--noheader", "--all", "--Node", std::string("--format=") + kNodeFormat}, kCallTimeout);
  return result.succeeded() ? Answer<std::vector<SlurmNode>>{.value = read_nodes(result.output)}
                            : Answer<std::vector<SlurmNode>>{.trouble = "sinfo failed: " + why(result)};
}

SlurmClient::JobAnswer SlurmClient::job(const std::string& id) {
  const auto result = commands_->run("scontrol", {"--oneliner", "show", "job", id}, kCallTimeout);
  if (result.succeeded()) {
    return {.known = true, .state = read_job(result.output)};
  }
  if (result.timed_out || result.errors.find("Invalid job id") == std::string::npos) {
    return {.trouble = why(result)};
  }
  const auto accounting = commands_->run(
      "sacct", {"--noheader", "--parsable2", "--allocations", "--format=State,ExitCode,NodeList", "--jobs=" + id},
      kCallTimeout);
  if (!accounting.succeeded()) {
    const bool keeps_none =
        accounting.errors.find("storage is disabled") != std::string::npos || accounting.exit_code == kNotInstalled;
    return {.known = keeps_none, .trouble = "sacct: " + why(accounting)};
  }
  auto state = read_accounting(accounting.output);
  // The controller has lost a job that goes on, or the accounting was not told of its end.
  return {.known = true, .state = state && has_ended(state->state) ? std::move(state) : std::nullopt};
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
