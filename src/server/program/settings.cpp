#include "server/program/settings.hpp"

#include "core/joined.hpp"
#include "core/parse_number.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

using nlohmann::json;
using Kind = Setting::Kind;

constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();

std::int64_t read_number(const std::string& text, std::int64_t least, std::int64_t most) {
  const auto number = parse_number<std::int64_t>(text);
  if (!number || *number < least || *number > most) {
    throw SettingError("takes a whole number from " + std::to_string(least) + " to " + std::to_string(most) +
                       ", not '" + text + "'");
  }
  return *number;
}

/// `member` returns the number in the options: an integer or a std::chrono::duration.
template <class Member>
Setting number(std::string section, std::string name, std::int64_t least, std::int64_t most, std::string help,
               Member member) {
  return {std::move(section),
          std::move(name),
          Kind::Number,
          std::move(help),
          [=](ServerOptions& options, const std::string& text) {
            auto& place = member(options);
            place = std::remove_cvref_t<decltype(place)>(read_number(text, least, most));
          },
          [=](const ServerOptions& options) -> json {
            const auto& place = member(options);
            if constexpr (requires { place.count(); }) {
              return place.count();
            } else {
              return place;
            }
          }};
}

template <class Member>
Setting text_in(std::string section, std::string name, std::string help, Member member) {
  return {std::move(section),
          std::move(name),
          Kind::Text,
          std::move(help),
          [=](ServerOptions& options, const std::string& given) { member(options) = given; },
          [=](const ServerOptions& options) -> json { return std::string(member(options)); }};
}

template <class Member>
Setting text(std::string name, std::string help, Member member) {
  return text_in("", std::move(name), std::move(help), member);
}

template <class Value>
using Words = std::vector<std::pair<std::string, Value>>;

/// One of a few words, each of which means a value.
template <class Value, class Member>
Setting choice(std::string name, std::string help, Words<Value> words, Member member) {
  return {"",
          std::move(name),
          Kind::Text,
          std::move(help),
          [=](ServerOptions& options, const std::string& given) {
            for (const auto& [word, value] : words) {
              if (word == given) {
                member(options) = value;
                return;
              }
            }
            throw SettingError("takes one of " + joined(words, ", ", &Words<Value>::value_type::first) + ", not '" +
                               given + "'");
          },
          [=](const ServerOptions& options) -> json {
            return std::find_if(words.begin(), words.end(),
                                [&](const auto& each) { return each.second == member(options); })
                ->first;
          }};
}

void set_tls(ServerOptions& options, const std::string& given) {
  if (given == "auto" || given == "off") {
    options.tls = given == "auto" ? TlsMode::Auto : TlsMode::Off;
    return;
  }
  const std::size_t comma = given.find(',');
  if (comma == std::string::npos || comma == 0 || comma + 1 == given.size()) {
    throw SettingError("takes 'auto', 'off' or CERTIFICATE,KEY (two PEM files), not '" + given + "'");
  }
  options.tls = TlsMode::Files;
  options.certificate = given.substr(0, comma);
  options.private_key = given.substr(comma + 1);
}

json get_tls(const ServerOptions& options) {
  if (options.tls == TlsMode::Files) {
    return options.certificate.string() + "," + options.private_key.string();
  }
  return options.tls == TlsMode::Auto ? "auto" : "off";
}

/// On or off: given or not on the command line, a boolean in the file.
template <class Member>
Setting flag_in(std::string section, std::string name, std::string help, Member member) {
  return {std::move(section),
          std::move(name),
          Kind::Flag,
          std::move(help),
          [=](ServerOptions& options, const std::string& given) { member(options) = given == "true"; },
          [=](const ServerOptions& options) -> json { return member(options); }};
}

template <class Member>
Setting flag(std::string name, std::string help, Member member) {
  return flag_in("", std::move(name), std::move(help), member);
}

void append(std::vector<Setting>& all, std::vector<Setting> more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

std::vector<Setting> listening() {
  return {text(
              "data-dir", "Folder for everything the service keeps", [](auto& o) -> auto& { return o.data_dir; }),
          text(
              "host", "Address to listen on", [](auto& o) -> auto& { return o.host; }),
          number(
              "", "management-port", 0, 65535, "Port of sign-in, resource manager and Batch AI; 0 picks a free one",
              [](auto& o) -> auto& { return o.management_port; }),
          number(
              "", "files-port", 0, 65535, "Port of Azure Files; 0 picks a free one",
              [](auto& o) -> auto& { return o.files_port; }),
          {"", "tls", Kind::Text, "auto (a certificate of its own), off, or CERTIFICATE,KEY", set_tls, get_tls}};
}

std::vector<Setting> running() {
  return {choice<std::string>(
              "engine", "What runs jobs: local (this machine) or slurm (a Slurm cluster)",
              {{"local", "local"}, {"slurm", "slurm"}}, [](auto& o) -> auto& { return o.engine; }),
          choice<IsolationMode>(
              "isolation", "What jobs run in: sandbox, none, or auto (a sandbox where this machine can make one)",
              {{"auto", IsolationMode::Auto}, {"sandbox", IsolationMode::Sandbox}, {"none", IsolationMode::None}},
              [](auto& o) -> auto& { return o.isolation; }),
          text(
              "sandbox-readable", "What jobs in a sandbox may read besides the system: paths with ':' between them",
              [](auto& o) -> auto& { return o.sandbox_readable; }),
          choice<NodeSshMode>(
              "node-ssh",
              "SSH servers of nodes: on, off, or auto (on where the service listens for this machine only and has what "
              "it needs)",
              {{"auto", NodeSshMode::Auto}, {"on", NodeSshMode::On}, {"off", NodeSshMode::Off}},
              [](auto& o) -> auto& { return o.node_ssh; }),
          choice<ContainersMode>(
              "containers",
              "Jobs that ask for a container: podman (they get one), host (they run on the node itself), refuse, or "
              "auto (podman where it works)",
              {{"auto", ContainersMode::Auto},
               {"podman", ContainersMode::Podman},
               {"host", ContainersMode::Host},
               {"refuse", ContainersMode::Refuse}},
              [](auto& o) -> auto& { return o.containers; }),
          flag(
              "managed-identity", "Give tokens without a secret to everyone on this machine, as a virtual machine does",
              [](auto& o) -> auto& { return o.managed_identity; }),
          number(
              "", "node-idle-seconds", 0, kMost, "How long autoscale leaves a node idle",
              [](auto& o) -> auto& { return o.node_idle_time; }),
          text(
              "subscription", "Subscription id of a first start", [](auto& o) -> auto& { return o.subscription; }),
          text(
              "tenant", "Tenant id of a first start", [](auto& o) -> auto& { return o.tenant; }),
          text(
              "account", "Storage account of a first start", [](auto& o) -> auto& { return o.account; })};
}

std::vector<Setting> logging() {
  Words<std::string> levels;
  for (const char* level : {"trace", "debug", "info", "warn", "error"}) {
    levels.emplace_back(level, level);
  }
  return {choice<std::string>(
              "log-level", "Least severity that is logged: trace, debug, info, warn, error", std::move(levels),
              [](auto& o) -> auto& { return o.log.level; }),
          choice<LogFormat>(
              "log-format", "text or json", {{"text", LogFormat::Text}, {"json", LogFormat::Json}},
              [](auto& o) -> auto& { return o.log.format; }),
          text(
              "log-file", "File for the log instead of standard error; opened anew on SIGHUP",
              [](auto& o) -> auto& { return o.log.file; })};
}

std::vector<Setting> quotas() {
  const std::string in = "quotas";
  return {number(
              in, "clusters", 0, kMost, "", [](auto& o) -> auto& { return o.quotas.clusters; }),
          number(
              in, "dedicated-cores", 0, kMost, "", [](auto& o) -> auto& { return o.quotas.dedicated_cores; }),
          number(
              in, "low-priority-cores", 0, kMost, "", [](auto& o) -> auto& { return o.quotas.low_priority_cores; }),
          number(
              in, "active-jobs", 0, kMost, "", [](auto& o) -> auto& { return o.quotas.active_jobs; })};
}

/// Times in the file are seconds; the listener's are finer, for its tests.
template <class Member>
Setting seconds(const std::string& name, Member member) {
  Setting setting = number("limits", name, 1, 86'400, "", member);
  setting.set = [=](ServerOptions& options, const std::string& given) {
    member(options) = std::chrono::seconds(read_number(given, 1, 86'400));
  };
  setting.get = [=](const ServerOptions& options) -> json {
    return std::chrono::duration_cast<std::chrono::seconds>(member(options)).count();
  };
  return setting;
}

std::vector<Setting> limits() {
  const std::string in = "limits";
  constexpr std::int64_t kMegabyte = 1024 * 1024;
  return {
      number(
          in, "connections", 1, 100'000, "", [](auto& o) -> auto& { return o.limits.connections; }),
      number(
          in, "workers", 1, 256, "", [](auto& o) -> auto& { return o.workers; }),
      // Tokens alone take some KiB of a head, and a range of Azure Files 4 MiB of a body.
      number(
          in, "head-bytes", 16 * 1024, kMegabyte, "", [](auto& o) -> auto& { return o.limits.head_bytes; }),
      number(
          in, "body-bytes", 5 * kMegabyte, 1024 * kMegabyte, "", [](auto& o) -> auto& { return o.limits.body_bytes; }),
      number(
          in, "buffered-bytes", 5 * kMegabyte, 1024 * 1024 * kMegabyte, "",
          [](auto& o) -> auto& { return o.limits.buffered_bytes; }),
      seconds(
          "head-seconds", [](auto& o) -> auto& { return o.limits.head_time; }),
      seconds(
          "body-seconds", [](auto& o) -> auto& { return o.limits.body_time; }),
      seconds(
          "idle-seconds", [](auto& o) -> auto& { return o.limits.idle_time; }),
      seconds(
          "write-seconds", [](auto& o) -> auto& { return o.limits.write_time; }),
  };
}

std::vector<Setting> slurm() {
  const std::string in = "slurm";
  return {text_in(
              in, "partition", "", [](auto& o) -> auto& { return o.slurm.partition; }),
          text_in(
              in, "constraint", "", [](auto& o) -> auto& { return o.slurm.constraint; }),
          text_in(
              in, "account", "", [](auto& o) -> auto& { return o.slurm.account; }),
          text_in(
              in, "qos", "", [](auto& o) -> auto& { return o.slurm.qos; }),
          text_in(
              in, "gres", "", [](auto& o) -> auto& { return o.slurm.gres; }),
          text_in(
              in, "cpus", "", [](auto& o) -> auto& { return o.slurm.cpus; }),
          text_in(
              in, "memory", "", [](auto& o) -> auto& { return o.slurm.memory; }),
          flag_in(
              in, "exclusive", "", [](auto& o) -> auto& { return o.slurm.exclusive; }),
          number(
              in, "nice-step", 0, 1'000'000, "", [](auto& o) -> auto& { return o.slurm.nice_step; }),
          text_in(
              in, "commands", "", [](auto& o) -> auto& { return o.slurm.commands; }),
          text_in(
              in, "config", "", [](auto& o) -> auto& { return o.slurm.config; })};
}

std::vector<Setting> jobs() {
  const std::string in = "jobs";
  return {text_in(
              in, "memory", "", [](auto& o) -> auto& { return o.job_limits.memory; }),
          text_in(
              in, "disk", "", [](auto& o) -> auto& { return o.job_limits.disk; }),
          text_in(
              in, "cpus", "", [](auto& o) -> auto& { return o.job_limits.cpus; }),
          text_in(
              in, "file-size", "", [](auto& o) -> auto& { return o.job_limits.file_size; }),
          number(
              in, "processes", 0, kMost, "", [](auto& o) -> auto& { return o.job_limits.processes; }),
          number(
              in, "open-files", 0, kMost, "", [](auto& o) -> auto& { return o.job_limits.open_files; })};
}

std::vector<Setting> operations() {
  return {number(
              "operations", "keep-hours", 24, 24 * 3650, "", [](auto& o) -> auto& { return o.operations.keep; }),
          number(
              "operations", "keep-count", 100, kMost, "", [](auto& o) -> auto& { return o.operations.most; })};
}

}  // namespace

const std::vector<Setting>& settings() {
  static const std::vector<Setting> kAll = [] {
    std::vector<Setting> all;
    for (auto* part : {listening, running, logging, quotas, limits, jobs, operations, slurm}) {
      append(all, part());
    }
    return all;
  }();
  return kAll;
}

std::string camel_case(std::string_view name) {
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool begins_word = i > 0 && name[i - 1] == '-';
    if (name[i] != '-') {
      result += begins_word ? static_cast<char>(name[i] - 'a' + 'A') : name[i];
    }
  }
  return result;
}

json settings_document(const ServerOptions& options) {
  json document = json::object();
  for (const Setting& setting : settings()) {
    const std::string name = camel_case(setting.name);
    (setting.on_command_line() ? document[name] : document[setting.section][name]) = setting.get(options);
  }
  return document;
}

}  // namespace batchai::server
