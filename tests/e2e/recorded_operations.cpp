#include "e2e/recorded_operations.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <vector>

#include <nlohmann/json.hpp>

namespace batchai::test {
namespace {

struct OperationRow {
  std::string id;
  std::string method;
  /// `{}` stands for one name.
  std::string path;
};

const std::vector<OperationRow>& rows() {
  static const std::string provider = "/subscriptions/{}/providers/Microsoft.BatchAI";
  static const std::string group = "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.BatchAI";
  static const std::string workspace = group + "/workspaces/{}";
  static const std::string experiment = workspace + "/experiments/{}";
  static const std::vector<OperationRow> kRows = {
      {"Operations_List", "GET", "/providers/Microsoft.BatchAI/operations"},
      {"Usages_List", "GET", provider + "/locations/{}/usages"},
      {"Workspaces_List", "GET", provider + "/workspaces"},
      {"Workspaces_ListByResourceGroup", "GET", group + "/workspaces"},
      {"Workspaces_Create", "PUT", workspace},
      {"Workspaces_Update", "PATCH", workspace},
      {"Workspaces_Get", "GET", workspace},
      {"Workspaces_Delete", "DELETE", workspace},
      {"Experiments_ListByWorkspace", "GET", workspace + "/experiments"},
      {"Experiments_Create", "PUT", experiment},
      {"Experiments_Get", "GET", experiment},
      {"Experiments_Delete", "DELETE", experiment},
      {"Clusters_ListByWorkspace", "GET", workspace + "/clusters"},
      {"Clusters_Create", "PUT", workspace + "/clusters/{}"},
      {"Clusters_Update", "PATCH", workspace + "/clusters/{}"},
      {"Clusters_Get", "GET", workspace + "/clusters/{}"},
      {"Clusters_Delete", "DELETE", workspace + "/clusters/{}"},
      {"Clusters_ListRemoteLoginInformation", "POST", workspace + "/clusters/{}/listRemoteLoginInformation"},
      {"FileServers_ListByWorkspace", "GET", workspace + "/fileServers"},
      {"FileServers_Create", "PUT", workspace + "/fileServers/{}"},
      {"FileServers_Get", "GET", workspace + "/fileServers/{}"},
      {"FileServers_Delete", "DELETE", workspace + "/fileServers/{}"},
      {"Jobs_ListByExperiment", "GET", experiment + "/jobs"},
      {"Jobs_Create", "PUT", experiment + "/jobs/{}"},
      {"Jobs_Get", "GET", experiment + "/jobs/{}"},
      {"Jobs_Delete", "DELETE", experiment + "/jobs/{}"},
      {"Jobs_Terminate", "POST", experiment + "/jobs/{}/terminate"},
      {"Jobs_ListOutputFiles", "POST", experiment + "/jobs/{}/listOutputFiles"},
      {"Jobs_ListRemoteLoginInformation", "POST", experiment + "/jobs/{}/listRemoteLoginInformation"},
  };
  return kRows;
}

bool matches(const std::string& pattern, const std::string& path) {
  static const std::regex name("\\{\\}");
  return std::regex_match(path, std::regex(std::regex_replace(pattern, name, "[^/]+")));
}

}  // namespace

std::set<std::string> all_operation_ids() {
  std::set<std::string> ids;
  for (const auto& row : rows()) {
    ids.insert(row.id);
  }
  return ids;
}

HttpResponse RecordingTransport::send(const HttpRequest& request, const CallContext& context) {
  HttpResponse response = inner_->send(request, context);
  const std::lock_guard lock(mutex_);
  for (const auto& row : rows()) {
    if (row.method == request.method && matches(row.path, request.url.path())) {
      keep_answer(row.id, response);
      if (response.status < 300) {
        seen_.insert(row.id);
      }
    }
  }
  return response;
}

void RecordingTransport::keep_answer(const std::string& operation, const HttpResponse& response) {
  const char* folder = std::getenv("RECORD_ANSWERS");
  if (folder == nullptr) {
    return;
  }
  const nlohmann::json answer = {{"operation", operation},
                                 {"status", response.status},
                                 {"asyncOperation", response.headers.get("Azure-AsyncOperation")},
                                 {"location", response.headers.get("Location")},
                                 {"contentType", response.headers.get("Content-Type")},
                                 {"body", response.body}};
  std::ofstream(std::filesystem::path(folder) / (operation + "-" + std::to_string(++answers_) + ".json"))
      << answer.dump(2);
}

std::set<std::string> RecordingTransport::operation_ids() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

}  // namespace batchai::test
