#include "server/run/plan_json.hpp"

#include <nlohmann/json.hpp>

namespace batchai::server {

namespace {

using nlohmann::json;
using Path = std::filesystem::path;

json to_json(const Path& path) { return path.string(); }

template <class T>
json list(const std::vector<T>& items);

json to_json(const RunNode& node) {
  return {{"id", node.id},
          {"address", node.address},
          {"gpus", node.gpus},
          {"workingDirectory", node.working_directory.string()},
          {"executionLog", node.execution_log.string()},
          {"temporary", node.temporary.string()},
          {"devices", list(node.devices)}};
}

json to_json(const RunFile& file) {
  return {{"path", file.path.string()}, {"content", file.content}, {"executable", file.executable}};
}

json to_json(const std::pair<Path, Path>& mount) { return {mount.first.string(), mount.second.string()}; }

json to_json(const RunProcess& process) {
  return {{"name", process.name},
          {"node", process.node},
          {"command", process.command},
          {"environment", process.environment},
          {"stdout", process.stdout_file.string()},
          {"stderr", process.stderr_file.string()},
          {"counts", process.determines_exit}};
}

template <class T>
json list(const std::vector<T>& items) {
  json result = json::array();
  for (const auto& item : items) {
    result.push_back(to_json(item));
  }
  return result;
}

json to_json(const RunSandbox& sandbox) {
  return {{"writable", list(sandbox.writable)}, {"readable", list(sandbox.readable)}, {"hidden", list(sandbox.hidden)}};
}

json to_json(const RunLimits& limits) {
  return {{"memoryBytes", limits.memory_bytes}, {"processes", limits.processes},  {"openFiles", limits.open_files},
          {"fileBytes", limits.file_bytes},     {"diskBytes", limits.disk_bytes}, {"cpus", limits.cpus}};
}

json to_json(const RunContainer& container) {
  return {{"image", container.image},
          {"credentials", container.credentials},
          {"shmSize", container.shm_size},
          {"view", to_json(container.view)},
          {"configuration", container.configuration.string()},
          {"storage", container.storage.string()},
          {"run", container.run.string()}};
}

Path path_at(const json& object, const char* name) { return object.at(name).get<std::string>(); }

Path read_path(const json& value) { return value.get<std::string>(); }

template <class T>
std::vector<T> read_list(const json& array, T (*read)(const json&)) {
  std::vector<T> result;
  for (const auto& item : array) {
    result.push_back(read(item));
  }
  return result;
}

RunNode read_node(const json& object) {
  return {.id = object.at("id"),
          .address = object.at("address"),
          .gpus = object.at("gpus"),
          .working_directory = path_at(object, "workingDirectory"),
          .execution_log = path_at(object, "executionLog"),
          .temporary = object.value("temporary", ""),
          .devices = read_list(object.value("devices", json::array()), read_path)};
}

RunFile read_run_file(const json& object) {
  return {.path = path_at(object, "path"), .content = object.at("content"), .executable = object.at("executable")};
}

std::pair<Path, Path> read_mount(const json& pair) { return {read_path(pair.at(0)), read_path(pair.at(1))}; }

RunProcess read_process(const json& object) {
  return {.name = object.at("name"),
          .node = object.at("node"),
          .command = object.at("command"),
          .environment = object.at("environment"),
          .stdout_file = path_at(object, "stdout"),
          .stderr_file = path_at(object, "stderr"),
          .determines_exit = object.at("counts")};
}

RunSandbox read_sandbox(const json& object) {
  return {.writable = read_list(object.at("writable"), read_path),
          .readable = read_list(object.at("readable"), read_path),
          .hidden = read_list(object.at("hidden"), read_path)};
}

RunContainer read_container(const json& object) {
  return {.image = object.at("image"),
          .credentials = object.at("credentials"),
          .shm_size = object.at("shmSize"),
          .view = read_sandbox(object.at("view")),
          .configuration = path_at(object, "configuration"),
          .storage = path_at(object, "storage"),
          .run = path_at(object, "run")};
}

RunLimits read_limits(const json& object) {
  const auto number = [&object](const char* name) { return object.value(name, std::uint64_t{0}); };
  return {.memory_bytes = number("memoryBytes"),
          .processes = number("processes"),
          .open_files = number("openFiles"),
          .file_bytes = number("fileBytes"),
          .disk_bytes = number("diskBytes"),
          .cpus = number("cpus")};
}

}  // namespace

std::string plan_to_json(const RunPlan& plan) {
  json object = {{"runId", plan.run_id},
                 {"name", plan.name},
                 {"nodeKind", plan.node_kind},
                 {"rank", plan.rank},
                 {"nodes", list(plan.nodes)},
                 {"cleared", list(plan.cleared)},
                 {"nodeMounts", list(plan.node_mounts)},
                 {"mounts", list(plan.mounts)},
                 {"directories", list(plan.directories)},
                 {"files", list(plan.files)},
                 {"programs", to_json(plan.programs)},
                 {"setup", list(plan.setup)},
                 {"preparation", list(plan.preparation)},
                 {"processes", list(plan.processes)},
                 {"endsOnFailure", plan.ends_on_failure},
                 {"environment", plan.environment},
                 {"graceMs", plan.grace.count()},
                 {"limits", to_json(plan.limits)},
                 {"remark", plan.remark}};
  if (plan.sandbox) {
    object["sandbox"] = to_json(*plan.sandbox);
  }
  if (plan.container) {
    object["container"] = to_json(*plan.container);
  }
  if (plan.limit) {
    object["limitSeconds"] = plan.limit->count();
  }
  return object.dump();
}

RunPlan plan_from_json(std::string_view text) {
  const auto object = json::parse(text);
  RunPlan plan;
  plan.run_id = object.at("runId");
  // The service that has written it may be older than this program, which was replaced while that runs.
  plan.name = object.value("name", plan.name);
  plan.node_kind = object.value("nodeKind", plan.node_kind);
  plan.rank = object.value("rank", plan.rank);
  plan.nodes = read_list(object.at("nodes"), read_node);
  plan.cleared = read_list(object.at("cleared"), read_path);
  plan.node_mounts = read_list(object.at("nodeMounts"), read_mount);
  plan.mounts = read_list(object.at("mounts"), read_mount);
  plan.directories = read_list(object.at("directories"), read_path);
  plan.files = read_list(object.at("files"), read_run_file);
  plan.programs = path_at(object, "programs");
  plan.setup = read_list(object.value("setup", json::array()), read_process);
  plan.preparation = read_list(object.at("preparation"), read_process);
  plan.processes = read_list(object.at("processes"), read_process);
  plan.ends_on_failure = object.at("endsOnFailure");
  plan.environment = object.at("environment").get<std::map<std::string, std::string>>();
  plan.grace = std::chrono::milliseconds(object.at("graceMs").get<std::int64_t>());
  plan.limits = read_limits(object.value("limits", json::object()));
  if (object.contains("sandbox")) {
    plan.sandbox = read_sandbox(object.at("sandbox"));
  }
  if (object.contains("container")) {
    plan.container = read_container(object.at("container"));
  }
  plan.remark = object.value("remark", "");
  if (object.contains("limitSeconds")) {
    plan.limit = std::chrono::seconds(object.at("limitSeconds").get<std::int64_t>());
  }
  return plan;
}

}  // namespace batchai::server
