#include "cli/local/start.hpp"

#include "cli/local/local_profile.hpp"
#include "core/private_file.hpp"

#include <cerrno>
#include <cstring>

#include <unistd.h>

namespace batchai::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kStartTimeout{60};

/// The absolute path: the service starts in a folder of its own.
std::string readable(const std::string& file) {
  if (::access(file.c_str(), R_OK) != 0) {
    throw UsageError("--config: cannot read " + file + ": " + std::strerror(errno));
  }
  return fs::absolute(file).string();
}

void check_port(const Arguments& arguments, const std::string& name) {
  constexpr int kLargestPort = 65'535;
  const auto port = arguments.integer(name);
  if (port && (*port < 0 || *port > kLargestPort)) {
    throw UsageError("--" + name + ": " + std::to_string(*port) + " is not a port from 0 to 65535");
  }
}

std::vector<std::string> server_options(const Arguments& arguments) {
  check_port(arguments, "management-port");
  check_port(arguments, "files-port");
  std::vector<std::string> options;
  for (const char* name : {"host", "management-port", "files-port", "engine", "isolation", "node-ssh", "containers"}) {
    if (const auto value = arguments.find(name)) {
      options.insert(options.end(), {std::string("--") + name, *value});
    }
  }
  if (arguments.flag("new-database")) {
    options.emplace_back("--new-database");
  }
  if (const auto file = arguments.find("config")) {
    options.insert(options.end(), {"--config", readable(*file)});
  }
  return options;
}

void say_running(const std::vector<std::string>& options, const Context& context) {
  const char* unused = "; it keeps its settings: stop it with 'batchai local stop' to start it with other ones";
  context.notice(std::string("the local service is running already") + (options.empty() ? "" : unused));
}

void plan_start(const ServerProcess& server, const fs::path& program, const std::vector<std::string>& options,
                const Context& context) {
  if (server.running_pid()) {
    say_running(options, context);
  } else {
    std::string line = program.string() + " --data-dir " + server.data_folder().string();
    for (const std::string& option : options) {
      line += " " + option;
    }
    context.dry_run_action("start " + line);
  }
  context.dry_run_action(std::string("save the profile '") + kLocalProfile + "'");
}

}  // namespace

bool start_service(const ServerProcess& server, const Arguments& arguments, const Context& context) {
  const fs::path program = find_server_program(context.settings.environment(), context.host.executable);
  const std::vector<std::string> options = server_options(arguments);
  if (context.options.dry_run) {
    plan_start(server, program, options, context);
    return false;
  }
  const PrivateFileLock one_start_at_a_time(server.data_folder() / ".start");
  if (server.running_pid()) {
    say_running(options, context);
  } else {
    server.start(program, options, context.clock(), context.host.interruption(), kStartTimeout);
  }
  return true;
}

}  // namespace batchai::cli
