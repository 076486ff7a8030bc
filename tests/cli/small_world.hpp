#pragma once

#include "batchai/core/transport.hpp"
#include "support/fake_transport.hpp"

#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace batchai::cli::test {

/// A service in which every resource exists, but for those whose name begins with `new` until they are made. It takes
/// every change, and remembers what was asked. Thread-safe.
class SmallWorld final : public Transport {
 public:
  HttpResponse send(const HttpRequest& request, const CallContext&) override {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    const bool management = request.url.host() == "management.azure.com";
    return management ? answer(request) : answer_storage(request);
  }

  std::vector<HttpRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  using json = nlohmann::json;

  static HttpResponse ok(const json& document) { return batchai::test::json_response(200, document.dump()); }
  static std::string name_in(const std::string& path) { return path.substr(path.rfind('/') + 1); }
  static std::string type_in(const std::string& path) {
    const std::string parent = path.substr(0, path.rfind('/'));
    return name_in(parent);
  }

  HttpResponse answer(const HttpRequest& request) {
    const std::string& path = request.url.path();
    if (request.method == "DELETE" || path.ends_with("/terminate")) {
      return batchai::test::empty_response(
          202, {{"Location", "https://management.azure.com/subscriptions/sub/operations/o?api-version=2018-05-01"}});
    }
    if (request.method == "POST") {
      return ok(answer_question(name_in(path)));
    }
    if (request.method == "PUT" || request.method == "PATCH") {
      made_.insert(path);
      return ok(resource(path));
    }
    if (type_in(path) == "operations") {
      return batchai::test::empty_response(204);
    }
    if (is_list(path)) {
      return ok({{"value", name_in(path) == "storageAccounts" ? accounts() : json::array()}});
    }
    const bool absent = name_in(path).starts_with("new") && !made_.contains(path);
    return absent ? batchai::test::json_response(404, R"({"error":{"code":"ResourceNotFound","message":"none"}})")
                  : ok(resource(path));
  }

  static bool is_list(const std::string& path) {
    static const std::set<std::string> kLists{"workspaces", "clusters",    "experiments",    "jobs",
                                              "usages",     "fileServers", "storageAccounts"};
    return kLists.contains(name_in(path));
  }

  static json accounts() {
    const std::string id = "/subscriptions/sub/resourceGroups/sg/providers/Microsoft.Storage/storageAccounts/";
    return {{{"name", "acct"}, {"id", id + "acct"}}, {{"name", "other"}, {"id", id + "other"}}};
  }

  static json answer_question(const std::string& question) {
    if (question == "listKeys") {
      return {{"keys", {{{"keyName", "key1"}, {"value", "bG9va2Vk"}}}}};
    }
    if (question == "listOutputFiles") {
      return {{"value",
               {{{"name", "log.txt"},
                 {"fileType", "file"},
                 {"downloadUrl", "https://acct.file.core.windows.net/s/log.txt?sig=x"},
                 {"properties", {{"contentLength", 4}}}}}}};
    }
    if (question == "checkNameAvailability") {
      return {{"nameAvailable", true}};
    }
    return {{"value",
             {{{"nodeId", "tvm-1"}, {"ipAddress", "10.0.0.4"}, {"port", 50000}},
              {{"nodeId", "tvm-2"}, {"ipAddress", "10.0.0.4"}, {"port", 50001}}}}};
  }

  static json resource(const std::string& path) {
    json properties{{"provisioningState", "succeeded"}};
    if (type_in(path) == "clusters") {
      properties["userAccountSettings"] = {{"adminUserName", "demo"}};
      properties["nodeSetup"] = {
          {"setupTask",
           {{"commandLine", "x"}, {"stdOutErrPathPrefix", "$AZ_BATCHAI_MOUNT_ROOT/afs"}, {"stdOutErrPathSuffix", "s"}}},
          {"mountVolumes",
           {{"azureFileShares",
             {{{"accountName", "acct"},
               {"relativeMountPath", "afs"},
               {"azureFileUrl", "https://acct.file.core.windows.net/share"}}}}}}};
    } else if (type_in(path) == "jobs") {
      properties["executionState"] = "succeeded";
      properties["cluster"] = {{"id", path.substr(0, path.find("/experiments/")) + "/clusters/c"}};
    }
    return {{"id", path}, {"name", name_in(path)}, {"location", "eastus"}, {"properties", properties}};
  }

  static HttpResponse answer_storage(const HttpRequest& request) {
    if (request.method != "GET") {
      return batchai::test::empty_response(201);
    }
    if (request.url.query().find("comp=list") == std::string::npos) {
      const bool first = request.headers.get("Range").starts_with("bytes=0-");
      return {.status = first ? 206 : 416,
              .headers = {{"Content-Range", first ? "bytes 0-3/4" : "bytes */4"}},
              .body = first ? "text" : ""};
    }
    return {.status = 200,
            .body =
                "<EnumerationResults><Entries><File><Name>a</Name><Properties><Content-Length>1</Content-Length>"
                "</Properties></File></Entries></EnumerationResults>"};
  }

  mutable std::mutex mutex_;
  std::vector<HttpRequest> requests_;
  std::set<std::string> made_;
};

}  // namespace batchai::cli::test
