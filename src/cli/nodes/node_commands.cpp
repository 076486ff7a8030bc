#include "cli/nodes/node_commands.hpp"

#include "cli/app/cells.hpp"
#include "cli/app/local_files.hpp"
#include "cli/nodes/ssh.hpp"
#include "core/parse_number.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

using nlohmann::json;

constexpr int kConnectionFailed = 255;

constexpr Column kColumns[] = {
    {"ID", [](const json& item) { return cell_at(item, "/nodeId"); }},
    {"IP", [](const json& item) { return cell_at(item, "/ipAddress"); }},
    {"SSH Port", [](const json& item) { return cell_at(item, "/port"); }},
    {"State", [](const json& item) { return cell_at(item, "/nodeState"); }, true, ColumnKind::State},
    {"Job", [](const json& item) { return cell_from_id(item, "/job/id", "jobs"); }, true},
    {"Experiment", [](const json& item) { return cell_from_id(item, "/job/id", "experiments"); }, true}};

bool is_port(const std::string& text) { return parse_number<std::uint16_t>(text).value_or(0) > 0; }

void check_forward(const std::string& forward) {
  static const std::regex kForm(R"((\d{1,5}):[^:\s]+:(\d{1,5}))");
  std::smatch parts;
  if (!std::regex_match(forward, parts, kForm) || !is_port(parts[1]) || !is_port(parts[2])) {
    throw UsageError("-L/--address: '" + forward + "' is not LOCAL_PORT:HOST:REMOTE_PORT");
  }
}

const RemoteLoginInformation& choose_node(const Arguments& arguments,
                                          const std::vector<RemoteLoginInformation>& nodes) {
  const auto wanted = arguments.find("node-id");
  if (nodes.empty()) {
    throw CommandError(kFailed, "there is no node", "wait until the cluster has one");
  }
  const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const RemoteLoginInformation& node) {
    return !wanted || node.node_id == *wanted;
  });
  if (found == nodes.end()) {
    throw CommandError(kNotFound, "there is no node '" + *wanted + "'", "see the ids with 'node list'");
  }
  return *found;
}

[[noreturn]] void tell_of_no_connection(const RemoteLoginInformation& node) {
  if (refuses_connections(node.ip_address, node.port)) {
    throw CommandError(kFailed,
                       "no SSH server answers at " + node.ip_address + ":" + std::to_string(node.port) + ", node '" +
                           node.node_id + "'",
                       node.ip_address.starts_with("127.")
                           ? "batchai-server gives its nodes one where openssh-server and bubblewrap are installed and "
                             "--node-ssh is not off; its log says what is missing ('batchai local logs'). Until then, "
                             "run the command in a job"
                           : "check that the node is up, that the network lets SSH through, and that the service "
                             "gives its nodes an SSH server (batchai-server: --node-ssh on)");
  }
  throw CommandError(
      kFailed,
      "no connection to node '" + node.node_id + "' (" + node.ip_address + " port " + std::to_string(node.port) + ")",
      "check user name, key or password of the cluster's administrator; nodes of batchai-server take the key only that "
      "the cluster was created with (-k)");
}

std::string key_file(const Arguments& arguments, const Context& context) {
  std::string file = context.settings.environment().with_home(arguments.get("ssh-private-key")).string();
  if (const auto reason = file.empty() ? std::nullopt : missing_file(file)) {
    throw UsageError("-k/--ssh-private-key: " + *reason);
  }
  return file;
}

void plan_call(const SshCall& call, const std::string& node, const Context& context) {
  const std::string place =
      " node '" + node + "' (" + call.user + "@" + call.host + ":" + std::to_string(call.port) + ")";
  for (const std::string& forward : call.forwards) {
    context.dry_run_action("forward " + forward + " of" + place);
  }
  if (!call.command.empty()) {
    context.dry_run_action("run on" + place + ": " + call.command);
  }
}

}  // namespace

std::span<const Column> node_columns() { return kColumns; }

std::vector<OptionSpec> node_exec_options() {
  return {{.name = "exec", .summary = "Command to run there, by bash.", .value_name = "COMMAND"},
          {.name = "node-id",
           .short_name = 'n',
           .summary = "Id of the node; default: the first one.",
           .value_name = "NODE"},
          {.name = "address",
           .short_name = 'L',
           .summary = "Forward a local port, as LOCAL_PORT:HOST:REMOTE_PORT; more than one is possible.",
           .kind = OptionKind::Repeated,
           .value_name = "FORWARD"},
          {.name = "password",
           .short_name = 'p',
           .summary = "Password of the cluster's administrator; default: SSH keys.",
           .value_name = "PASSWORD"},
          {.name = "ssh-private-key",
           .short_name = 'k',
           .summary = "File with the administrator's private key; default: ssh's own.",
           .value_name = "FILE"}};
}

std::optional<SshCall> read_ssh_call(const Arguments& arguments, const Context& context) {
  SshCall call{.command = arguments.get("exec"),
               .forwards = arguments.list("address"),
               .private_key_file = key_file(arguments, context),
               .password = Secret(arguments.get("password")),
               .terminal = context.io.in_terminal && context.io.out_terminal};
  std::for_each(call.forwards.begin(), call.forwards.end(), check_forward);
  return call.command.empty() && call.forwards.empty() ? std::nullopt : std::optional(std::move(call));
}

int execute_on_node(SshCall call, const Arguments& arguments, const std::vector<RemoteLoginInformation>& nodes,
                    const std::string& user, const Context& context) {
  const RemoteLoginInformation& node = choose_node(arguments, nodes);
  call.user = user;
  call.host = node.ip_address;
  call.port = node.port;
  if (context.options.dry_run) {
    plan_call(call, node.node_id, context);
    return kDone;
  }
  for (const std::string& forward : call.forwards) {
    context.notice("forwarding " + forward + " of node '" + node.node_id + "'" +
                   (call.command.empty() ? "; Ctrl-C ends" : ""));
  }
  context.io.out.flush();
  const CancellationToken interruption = context.host.interruption();
  const int exit_code = run_ssh(call, context.settings.environment(), context.host.executable, interruption);
  if (interruption.cancelled()) {
    if (call.command.empty()) {
      return kDone;  // that is how forwarding ends
    }
    throw Interrupted("interrupted; what was started on node '" + node.node_id + "' may go on there");
  }
  if (exit_code == kConnectionFailed) {
    tell_of_no_connection(node);
  }
  return exit_code;
}

}  // namespace batchai::cli
