#include "cli/local/commands.hpp"

#include "cli/app/context.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/local/follow_log.hpp"
#include "cli/local/health.hpp"
#include "cli/local/local_profile.hpp"
#include "cli/local/server_process.hpp"
#include "cli/local/start.hpp"
#include "core/remove_tree.hpp"

#include <ostream>
#include <system_error>

namespace batchai::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::chrono::seconds kStopTimeout{60};

/// As the service's own command line has it: absolute, without a slash at the end.
fs::path named_folder(const std::string& text) {
  if (text.empty()) {
    throw UsageError("--data-dir: the name of the folder is empty");
  }
  const fs::path folder = fs::absolute(text).lexically_normal();
  return folder.has_filename() ? folder : folder.parent_path();
}

ServerProcess server_of(const Arguments& arguments, Context& context) {
  const auto named = arguments.find("data-dir");
  return ServerProcess(named ? named_folder(*named) : fs::path(context.settings.paths().local_data));
}

json describe(const ServerProcess& server) {
  const std::optional<int> pid = server.running_pid();
  const std::optional<LocalEndpoints> endpoints = pid ? server.endpoints() : std::nullopt;
  return {{"dataDir", server.data_folder().string()},
          {"filesEndpoint", endpoints ? json(endpoints->files) : json()},
          {"managementEndpoint", endpoints ? json(endpoints->management) : json()},
          {"pid", pid ? json(*pid) : json()},
          {"profile", kLocalProfile},
          {"state", pid ? "running" : "stopped"}};
}

LocalEndpoints known_endpoints(const ServerProcess& server) {
  if (auto endpoints = server.endpoints()) {
    return *endpoints;
  }
  throw CommandError(kNotFound, "there is no local service in " + server.data_folder().string(),
                     "start it with 'batchai local start'");
}

Result start(const Arguments& arguments, Context& context) {
  const ServerProcess server = server_of(arguments, context);
  if (!start_service(server, arguments, context)) {
    return Result::nothing();
  }
  save_local_profile(context.settings.store(), known_endpoints(server), context.warning());
  return Result::plain(describe(server));
}

/// Whether it runs.
bool plan_stop(const ServerProcess& server, const Context& context) {
  const std::optional<int> pid = server.running_pid();
  if (pid) {
    context.dry_run_action("stop the local service, process " + std::to_string(*pid));
  }
  return pid.has_value();
}

Result stop(const Arguments& arguments, Context& context) {
  const ServerProcess server = server_of(arguments, context);
  const bool found = context.options.dry_run ? plan_stop(server, context)
                                             : server.stop(context.clock(), context.host.interruption(), kStopTimeout);
  if (!found) {
    context.notice("the local service is not running");
  }
  return Result::nothing();
}

Result status(const Arguments& arguments, Context& context) {
  const ServerProcess server = server_of(arguments, context);
  json document = describe(server);
  if (document["state"] != "running") {
    return {.value = std::move(document), .exit_code = kNotFound};
  }
  if (const auto endpoints = server.endpoints()) {
    const json health = health_of(*endpoints, context);
    for (const char* name : {"isolation", "containers", "containersReason", "warnings"}) {
      if (health.contains(name)) {
        document[name] = health[name];
      }
    }
  }
  return Result::plain(std::move(document));
}

Result env(const Arguments& arguments, Context& context) {
  context.io.out << export_lines(client_environment(known_endpoints(server_of(arguments, context))));
  return Result::nothing();
}

Result follow(const ServerProcess& server, std::uintmax_t offset, const Context& context) {
  try {
    follow_log(server.log_file(), offset, context);
  } catch (const Cancelled&) {
    return Result::nothing(kInterrupted);
  }
}

Result logs(const Arguments& arguments, Context& context) {
  const ServerProcess server = server_of(arguments, context);
  const std::optional<int> lines = arguments.integer("lines");
  if (lines && *lines < 0) {
    throw UsageError("-n/--lines: " + std::to_string(*lines) + " is not a number of lines");
  }
  if (!fs::exists(server.log_file())) {
    throw CommandError(kNotFound, "there is no log " + server.log_file().string(),
                       "'batchai local start' makes one; a service that systemd runs writes to the journal");
  }
  const std::uintmax_t end = fs::file_size(server.log_file());
  context.io.out << server.log_tail(lines.value_or(-1), end) << std::flush;
  return arguments.flag("follow") ? follow(server, end, context) : Result::nothing();
}

/// Refuses to delete a folder that the service has not made.
void check_data_folder(const fs::path& folder, const Environment& environment) {
  const bool ours = fs::exists(folder / "batchai.db") || fs::exists(folder / "endpoints.json");
  const bool home = folder == fs::path(environment.get("HOME")) || folder == folder.root_path();
  if (!ours || home || fs::is_symlink(folder)) {
    throw CommandError(kFailed, folder.string() + " does not look like the service's data folder; nothing was deleted");
  }
}

/// Whether the profile is that of the service: another one may be running under it.
bool is_profile_of(const ServerProcess& server, const Context& context) {
  const ProfileStore& store = context.settings.store();
  if (server.data_folder() == context.settings.paths().local_data) {
    return store.exists(kLocalProfile);
  }
  const auto profile = store.load(kLocalProfile);
  const std::optional<LocalEndpoints> endpoints = server.endpoints();
  return profile && endpoints && profile->get("resource_manager") == endpoints->management;
}

void plan_reset(const ServerProcess& server, const Context& context) {
  plan_stop(server, context);
  context.dry_run_action("delete " + server.data_folder().string());
  if (is_profile_of(server, context)) {
    context.dry_run_action(std::string("remove the profile '") + kLocalProfile + "'");
  }
}

Result reset(const Arguments& arguments, Context& context) {
  const ServerProcess server = server_of(arguments, context);
  const fs::path& folder = server.data_folder();
  if (!fs::exists(folder)) {
    context.notice("there is nothing to delete");
    return Result::nothing();
  }
  check_data_folder(folder, context.settings.environment());
  if (context.options.dry_run) {
    plan_reset(server, context);
    return Result::nothing();
  }
  context.confirm(arguments, "Delete the local service's data in " + folder.string() + "?");
  const bool takes_profile = is_profile_of(server, context);
  server.stop(context.clock(), context.host.interruption(), kStopTimeout);
  if (const auto error = remove_tree(folder)) {
    throw CommandError(kFailed, "cannot delete all of " + folder.string() + ": " + error.message());
  }
  if (takes_profile) {
    context.settings.store().remove(kLocalProfile);
  }
  return Result::nothing();
}

OptionSpec port_option(std::string_view name, std::string_view summary) {
  return {.name = name, .summary = summary, .kind = OptionKind::Integer, .value_name = "PORT"};
}

OptionSpec data_dir_option() {
  return {.name = "data-dir",
          .summary = "The service's data folder; default: local in the configuration folder.",
          .value_name = "FOLDER"};
}

}  // namespace

std::vector<CommandSpec> local_commands() {
  return {
      {.name = "start",
       .summary = "Start the service on this machine and sign in to it as profile 'local'.",
       .options = {{.name = "host",
                    .summary = "Address to listen on; ::1 is this machine in IPv6. Default: 127.0.0.1.",
                    .value_name = "ADDRESS"},
                   port_option("management-port", "Port of management calls; 0: a free one. Default: 10010."),
                   port_option("files-port", "Port of Azure Files; 0: a free one. Default: 10011."),
                   {.name = "engine",
                    .summary = "What runs the jobs: this machine (local), or a Slurm cluster (slurm). Default: local.",
                    .value_name = "ENGINE",
                    .choices = {"local", "slurm"}},
                   {.name = "isolation",
                    .summary = "What jobs run in: sandbox, none, or a sandbox where this machine can make one (auto). "
                               "Default: auto.",
                    .value_name = "WHAT",
                    .choices = {"auto", "sandbox", "none"}},
                   {.name = "node-ssh",
                    .summary = "SSH servers of nodes: on, off, or where the service listens on a loopback address and "
                               "has what it needs (auto). Default: auto.",
                    .value_name = "WHAT",
                    .choices = {"auto", "on", "off"}},
                   {.name = "containers",
                    .summary = "Jobs that ask for a container: they get one (podman), they run on this machine itself "
                               "(host), they fail (refuse), or podman where it works and refuse elsewhere (auto). "
                               "Default: auto.",
                    .value_name = "WHAT",
                    .choices = {"auto", "podman", "host", "refuse"}},
                   {.name = "config",
                    .summary = "JSON file with more settings of the service, as batchai-server takes it; paths in "
                               "it are absolute.",
                    .value_name = "FILE"},
                   {.name = "new-database",
                    .summary = "Make a new database where the data folder has lost its own. Shares and "
                               "containers stay; groups, clusters and jobs are lost.",
                    .kind = OptionKind::Flag},
                   data_dir_option()},
       .run = start,
       .examples = {{"On the usual ports", "batchai local start"},
                    {"On free ports", "batchai local start --management-port 0 --files-port 0"},
                    {"For jobs written for containers", "batchai local start --containers host"}},
       .mends_profiles = true},
      {.name = "stop",
       .summary = "Stop the service; its jobs go on.",
       .options = {data_dir_option()},
       .run = stop,
       .examples = {{"Stop it; jobs that run go on", "batchai local stop"},
                    {"Stop it and start it anew", "batchai local stop && batchai local start"}},
       .mends_profiles = true},
      {.name = "status",
       .summary = "Tell whether it runs (exit code 0) or not (3).",
       .options = {data_dir_option()},
       .run = status,
       .examples = {{"Is it there?", "batchai local status -o table"},
                    {"Start it if it is not", "batchai local status -o none || batchai local start"}},
       .mends_profiles = true},
      {.name = "env",
       .summary = "Print export lines that lead Azure clients to the service. They hold its secrets.",
       .options = {data_dir_option()},
       .run = env,
       .examples = {{"In a shell", "eval \"$(batchai local env)\""},
                    {"Of a service that systemd runs", "eval \"$(batchai local env --data-dir /var/lib/batchai)\""},
                    {"Its address alone", "batchai local env | grep ENDPOINT"}},
       .mends_profiles = true},
      {.name = "logs",
       .summary = "Print the service's log.",
       .options = {{.name = "lines",
                    .short_name = 'n',
                    .summary = "Only the last lines.",
                    .kind = OptionKind::Integer,
                    .value_name = "N"},
                   {.name = "follow",
                    .short_name = 'f',
                    .summary = "Go on with what is written from now on, until Ctrl-C.",
                    .kind = OptionKind::Flag},
                   data_dir_option()},
       .run = logs,
       .examples = {{"All of it", "batchai local logs"},
                    {"The last ten lines, and all that follow", "batchai local logs -n 10 -f"}},
       .mends_profiles = true},
      {.name = "reset",
       .summary = "Stop the service and delete all its data.",
       .options = {yes_option(), data_dir_option()},
       .run = reset,
       .examples = {{"Begin anew", "batchai local reset"}, {"In a script", "batchai local reset -y"}},
       .mends_profiles = true}};
}

}  // namespace batchai::cli
