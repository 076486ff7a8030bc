#include "cli/status/commands.hpp"

#include "batchai/core/http.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/result.hpp"
#include "cli/app/waiting/watch.hpp"
#include "cli/status/overview.hpp"

#include <set>

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

using nlohmann::json;

constexpr int kUsuallyShown = 10;

/// `1 idle, 2 running`
std::string nodes_by_state(const json& cluster) {
  std::string text;
  for (const char* state : {"idle", "running", "preparing", "leaving", "unusable"}) {
    const std::string count = cell_at(cluster, (std::string("/nodes/") + state).c_str());
    if (!count.empty() && count != "0") {
      text += (text.empty() ? "" : ", ") + count + " " + state;
    }
  }
  return text;
}

/// `WORKSPACE/EXPERIMENT`
std::string experiment_of(const json& job) { return cell_at(job, "/workspace") + "/" + cell_at(job, "/experiment"); }

/// Tables of clusters and jobs; `kGrouped`: also those that are not wide name the resource group.
template <bool kGrouped>
struct Columns {
  static constexpr Column kInGroup{.heading = "Resource Group",
                                   .cell = [](const json& item) { return cell_at(item, "/resourceGroup"); },
                                   .wide = !kGrouped};

  static constexpr Column kClusters[] = {
      {"Cluster", [](const json& item) { return cell_at(item, "/name"); }},
      {"Workspace", [](const json& item) { return cell_at(item, "/workspace"); }},
      kInGroup,
      {.heading = "State", .cell = [](const json& item) { return cell_at(item, "/state"); }, .kind = ColumnKind::State},
      {"Nodes", [](const json& item) { return cell_at(item, "/nodeCount"); }},
      {"Of these", nodes_by_state},
      {"Error", [](const json& item) { return cell_at(item, "/error/code"); }, true}};

  static constexpr Column kRunning[] = {
      {"Job", [](const json& item) { return cell_at(item, "/name"); }},
      {"In", experiment_of},
      kInGroup,
      {"Cluster", [](const json& item) { return cell_at(item, "/cluster"); }},
      {"Nodes", [](const json& item) { return cell_at(item, "/nodeCount"); }},
      {.heading = "State", .cell = [](const json& item) { return cell_at(item, "/state"); }, .kind = ColumnKind::State},
      {.heading = "Started",
       .cell = [](const json& item) { return cell_at(item, "/started"); },
       .kind = ColumnKind::Moment}};

  static constexpr Column kWaiting[] = {
      {"Job", [](const json& item) { return cell_at(item, "/name"); }},
      {"In", experiment_of},
      kInGroup,
      {"Cluster", [](const json& item) { return cell_at(item, "/cluster"); }},
      {"Nodes", [](const json& item) { return cell_at(item, "/nodeCount"); }},
      {.heading = "Created",
       .cell = [](const json& item) { return cell_at(item, "/created"); },
       .kind = ColumnKind::Moment},
      {"Waits for", [](const json& item) { return awaited_at(item, "/reason"); }, true}};

  static constexpr Column kFailed[] = {{"Job", [](const json& item) { return cell_at(item, "/name"); }},
                                       {"In", experiment_of},
                                       kInGroup,
                                       {"Cluster", [](const json& item) { return cell_at(item, "/cluster"); }},
                                       {.heading = "Ended",
                                        .cell = [](const json& item) { return cell_at(item, "/ended"); },
                                        .kind = ColumnKind::Moment},
                                       {"Exit code", [](const json& item) { return cell_at(item, "/exitCode"); }},
                                       {"Error", [](const json& item) { return cell_at(item, "/reason/code"); }, true}};
};

constexpr const char* kClusterList = "/clusters";
constexpr const char* kRunningList = "/running/newest";
constexpr const char* kWaitingList = "/waiting/newest";
constexpr const char* kFailedList = "/failed/newest";

/// Whether what is shown is in more than one resource group.
bool has_groups(const json& found) {
  std::set<std::string> groups;
  for (const char* list : {kClusterList, kRunningList, kWaitingList, kFailedList}) {
    for (const json& item : found.at(json::json_pointer(list))) {
      groups.insert(to_lower(cell_at(item, "/resourceGroup")));
    }
  }
  return groups.size() > 1;
}

/// `https://127.0.0.1:10010: ok, version 0.1.0`, and what is not well.
std::string service_line(const json& service) {
  std::string line = "Service " + cell_at(service, "/endpoint");
  if (!service.contains("health")) {
    return line;
  }
  line += ": " + cell_at(service, "/health") + ", version " + cell_at(service, "/version");
  const json checks = service.value("checks", json::object());
  for (const auto& [name, state] : checks.items()) {
    if (state != "ok") {
      line += "; " + name + ": " + (state.is_string() ? state.get<std::string>() : state.dump());
    }
  }
  for (const json& warning : service.value("warnings", json::array())) {
    line += "; " + (warning.is_string() ? warning.get<std::string>() : warning.dump());
  }
  return line;
}

/// `Waiting jobs: 12, the newest 10:`
std::string jobs_line(const char* what, const json& jobs) {
  const auto count = jobs.at("count").get<std::size_t>();
  const std::size_t shown = jobs.at("newest").size();
  std::string line = std::string(what) + ": " + (count == 0 ? "none" : std::to_string(count));
  line += jobs.at("more").get<bool>() ? " or more" : "";
  return shown == count || shown == 0 ? line : line + ", the newest " + std::to_string(shown);
}

std::string clusters_line(const json& clusters) {
  return clusters.empty() ? "Clusters: none" : "Clusters: " + std::to_string(clusters.size());
}

template <bool kGrouped>
std::vector<ResultSection> sections_of(const json& found) {
  using Shown = Columns<kGrouped>;
  return {{service_line(found.at("service"))},
          {clusters_line(found.at("clusters")), kClusterList, Shown::kClusters},
          {jobs_line("Running jobs", found.at("running")), kRunningList, Shown::kRunning},
          {jobs_line("Waiting jobs", found.at("waiting")), kWaitingList, Shown::kWaiting},
          {jobs_line("Failed within a day", found.at("failed")), kFailedList, Shown::kFailed}};
}

Result show_status(const Arguments& arguments, Context& context) {
  const int most = arguments.integer("top").value_or(kUsuallyShown);
  if (most < 0) {
    throw UsageError("--top: the number of jobs must not be below 0");
  }
  Result result = Result::plain(overview(static_cast<std::size_t>(most), context));
  result.sections = has_groups(result.value) ? sections_of<true>(result.value) : sections_of<false>(result.value);
  return result;
}

}  // namespace

std::vector<CommandSpec> status_commands() {
  std::vector<OptionSpec> options = watch_options();
  options.push_back({.name = "top",
                     .summary = "How many jobs of each kind are shown; default: the 10 newest.",
                     .kind = OptionKind::Integer,
                     .value_name = "N"});
  return {{.name = "",
           .summary = "Show what goes on: clusters, jobs that run, wait or have failed, and the service.",
           .options = std::move(options),
           .run = show_status,
           .examples = {{"On a terminal", "batchai status"},
                        {"Again and again, until Ctrl-C", "batchai status --watch"},
                        {"How many jobs wait", "batchai status --query waiting.count"}}}};
}

}  // namespace batchai::cli
