#include "server/supervisor/allocation.hpp"

#include "core/joined.hpp"
#include "core/parse_number.hpp"
#include "core/private_file.hpp"
#include "server/run/command.hpp"
#include "server/run/plan_json.hpp"
#include "server/run/run_records.hpp"
#include "server/run/system_error.hpp"
#include "server/supervisor/children.hpp"
#include "server/supervisor/in_allocation.hpp"
#include "server/supervisor/launch.hpp"
#include "server/supervisor/run_places.hpp"
#include "server/supervisor/watch.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kPatience{60};
/// What shells say of a program that cannot be started.
constexpr int kNotStartedCode = 127;
constexpr std::string_view kSetup = "setup-";
constexpr std::string_view kPreparation = "preparation-";
constexpr std::string_view kProcess = "process-";

std::string environment_value(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// The program that this process runs.
fs::path own_program() { return fs::read_symlink("/proc/self/exe"); }

std::map<std::string, std::string> step_environment() {
  auto result = base_environment();
  for (auto& [name, value] : allocation_environment()) {
    // A step may ask for memory in one way only, and these would be a second one.
    if (!name.starts_with("SLURM_MEM_PER_")) {
      result[name] = value;
    }
  }
  return result;
}

CommandResult run_slurm(std::vector<std::string> arguments) {
  const std::string program = arguments.front();
  arguments.erase(arguments.begin());
  return run_command(
      {.program = program, .arguments = std::move(arguments), .environment = step_environment(), .timeout = kPatience});
}

/// What is worth another try: the same run may be started later.
void throw_if_controller_is_away(const std::string& program, const CommandResult& result) {
  if (result.errors.find("Unable to contact") != std::string::npos) {
    throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again),
                            "the controller of Slurm does not answer " + program);
  }
}

CommandResult ask_slurm(const std::vector<std::string>& arguments) {
  const auto& program = arguments.front();
  auto result = run_slurm(arguments);
  throw_if_controller_is_away(program, result);
  if (!result.succeeded()) {
    throw std::runtime_error(program + " failed: " + (result.timed_out ? "no answer" : result.errors));
  }
  return result;
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) {
    words.push_back(word);
  }
  return words;
}

/// Value of `name=` in a line of `scontrol --oneliner`; it holds no blanks.
std::string field(const std::string& line, const std::string& name) {
  const auto found = (" " + line).find(" " + name + "=");
  if (found == std::string::npos) {
    return "";
  }
  const auto begin = found + name.size() + 1;
  return line.substr(begin, line.find(' ', begin) - begin);
}

std::vector<BoundNode> ask_for_nodes(const std::string& list) {
  std::map<std::string, std::string> addresses;
  std::istringstream lines(ask_slurm({"scontrol", "--oneliner", "show", "node", list}).output);
  for (std::string line; std::getline(lines, line);) {
    addresses[field(line, "NodeName")] = field(line, "NodeAddr");
  }
  std::vector<BoundNode> nodes;
  for (const auto& host : words_of(ask_slurm({"scontrol", "show", "hostnames", list}).output)) {
    const auto& address = addresses[host];
    nodes.push_back({host, address.empty() ? host : address});
  }
  return nodes;
}

template <class List>
std::optional<std::size_t> place_in(const List& list, const RunProcess& process) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (&list[i] == &process) {
      return i;
    }
  }
  return std::nullopt;
}

/// The name of a process in the run's folder.
std::string name_of(const RunPlan& plan, const RunProcess& process) {
  if (const auto place = place_in(plan.setup, process)) {
    return std::string(kSetup) + std::to_string(*place);
  }
  if (const auto place = place_in(plan.preparation, process)) {
    return std::string(kPreparation) + std::to_string(*place);
  }
  return std::string(kProcess) + std::to_string(place_in(plan.processes, process).value());
}

const RunProcess& process_named(const RunPlan& plan, std::string_view name) {
  const auto& list = name.starts_with(kSetup)         ? plan.setup
                     : name.starts_with(kPreparation) ? plan.preparation
                                                      : plan.processes;
  const auto index = parse_number<std::size_t>(name.substr(name.rfind('-') + 1));
  return list.at(index.value_or(list.size()));
}

fs::path end_file(const fs::path& run_folder, const std::string& name) { return run_folder / ("end-of-" + name); }

fs::path node_file(const fs::path& run_folder, const std::string& host) { return run_folder / ("seen-by-" + host); }

}  // namespace

std::map<std::string, std::string> allocation_environment() {
  std::map<std::string, std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto end = text.find('=');
    const auto name = text.substr(0, end);
    if (end != std::string_view::npos && (name.starts_with("SLURM") || name.ends_with("_VISIBLE_DEVICES") ||
                                          name == "GPU_DEVICE_ORDINAL" || name == "ZE_AFFINITY_MASK")) {
      result.emplace(name, text.substr(end + 1));
    }
  }
  return result;
}

std::vector<BoundNode> allocated_nodes() {
  const auto own = environment_value("SLURMD_NODENAME");
  if (environment_value("SLURM_JOB_NUM_NODES") == "1") {
    return {{own, "127.0.0.1"}};
  }
  auto nodes = ask_for_nodes(environment_value("SLURM_JOB_NODELIST"));
  std::stable_partition(nodes.begin(), nodes.end(), [&](const BoundNode& node) { return node.host == own; });
  return nodes;
}

std::vector<std::string> AllocationLauncher::step_arguments(const std::vector<std::string>& hosts) const {
  const auto count = std::to_string(hosts.size());
  return {"srun",
          "--jobid=" + environment_value("SLURM_JOB_ID"),
          "--overlap",
          "--nodes=" + count,
          "--ntasks=" + count,
          "--ntasks-per-node=1",
          "--nodelist=" + joined(hosts, ","),
          "--input=none",
          "--chdir=/",
          "--cpu-bind=none",
          "--mem=0",
          "--mpi=none",
          "--quiet",
          own_program().string()};
}

void AllocationLauncher::check_nodes() const {
  std::vector<std::string> hosts;
  for (const auto& node : nodes_) {
    hosts.push_back(node.host);
  }
  hosts.erase(hosts.begin());
  auto arguments = step_arguments(hosts);
  arguments.insert(arguments.end(), {"--note-node", run_folder_.string()});
  const auto result = run_slurm(std::move(arguments));
  if (result.succeeded()) {
    return;
  }
  throw_if_controller_is_away("srun", result);
  // Files that nobody here has looked for before: a network file system may have kept that they are not there.
  std::erase_if(hosts, [this](const auto& host) { return fs::exists(node_file(run_folder_, host)); });
  throw std::runtime_error(
      "the data folder of the service has to be on a file system that all nodes share: " +
      (hosts.empty() ? "a node of the job" : joined(hosts, ", ")) + " cannot use " + run_folder_.string() +
      " or cannot run " + own_program().string() +
      (result.timed_out ? " (no answer in " + std::to_string(kPatience.count()) + " s)" : " (" + result.errors + ")"));
}

pid_t AllocationLauncher::start(const RunPlan& plan, const RunProcess& process) {
  if (process.node == 0) {
    return launch(plan, process);
  }
  // There before the step is, as for processes here.
  for (const auto& file : {process.stdout_file, process.stderr_file}) {
    if (!file.empty()) {
      RunPlaces(plan).open_output(file, O_TRUNC);
    }
  }
  auto arguments = step_arguments({nodes_.at(process.node).host});
  arguments.insert(arguments.begin(), "env");  // looks for it in PATH
  arguments.insert(arguments.end(), {"--process", run_folder_.string(), name_of(plan, process)});
  std::vector<std::string> environment;
  for (const auto& [name, value] : step_environment()) {
    environment.push_back(name + "=" + value);
  }
  const auto log = RunRecords(run_folder_).log_file();
  return launch_program({.name = process.name,
                         .program = "/usr/bin/env",
                         .arguments = std::move(arguments),
                         .environment = std::move(environment),
                         .stdout_file = log,
                         .stderr_file = log,
                         .appends = true});
}

std::optional<int> AllocationLauncher::exit_code(const RunPlan& plan, const RunProcess& process, int status) const {
  if (process.node == 0) {
    return exit_code_of_status(status);
  }
  const auto text = read_private_file(end_file(run_folder_, name_of(plan, process)));
  return text ? parse_number<int>(*text) : std::nullopt;
}

void note_node(const fs::path& run_folder) {
  make_private_file(node_file(run_folder, environment_value("SLURMD_NODENAME")), "");
}

int run_process(const fs::path& run_folder, const std::string& name) {
  Events::block_signals();
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const auto plan_text = read_file(run_folder / kPlanFile);
  if (!plan_text) {
    throw std::runtime_error("there is no plan in " + run_folder.string());
  }
  auto plan = plan_from_json(*plan_text);
  const auto own = allocation_environment();
  plan.environment.insert(own.begin(), own.end());
  for (auto& node : plan.nodes) {
    node.execution_log.clear();  // the supervisor's
  }
  RunProcess process = process_named(plan, name);
  process.determines_exit = true;
  ::umask(022);
  Events events;
  ExecutionLog log(plan);
  LocalLauncher launcher;
  Children children(plan, launcher, events, log);
  int code = kNotStartedCode;
  try {
    children.start(process);
    Watch watch(plan, 1);
    std::optional<std::string> over_limit;
    while (children.running() > 0 && !events.stop_requested() && !over_limit) {
      events.wait(watch.next());
      children.reap();
      over_limit = watch.look();
    }
    if (over_limit) {
      std::cerr << "ended: " << *over_limit << std::endl;
    }
    children.end_all(over_limit ? std::chrono::milliseconds(0) : plan.grace);
    code = children.exit_code().value_or(kNotStartedCode);
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
  }
  replace_private_file(end_file(run_folder, name), std::to_string(code));
  return code;
}

}  // namespace batchai::server
