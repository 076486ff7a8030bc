// Every operation of the management port by every role: allowed, or 403.
#include "server/arm/management_api.hpp"
#include "server/program/management_routes.hpp"
#include "signing/query.hpp"
#include "support/service_fixture.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::server::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kSubscription = "0a0a0a0a-1111-2222-3333-444444444444";

const std::string kS = "/subscriptions/{subscription}";
const std::string kG = kS + "/resourceGroups/{group}";
const std::string kStorage = kG + "/providers/Microsoft.Storage/storageAccounts";
const std::string kAccount = kStorage + "/{account}";
const std::string kShares = kAccount + "/fileServices/default/shares";
const std::string kContainers = kAccount + "/blobServices/default/containers";
const std::string kProvider = kS + "/providers/Microsoft.BatchAI";
const std::string kWorkspaces = kG + "/providers/Microsoft.BatchAI/workspaces";
const std::string kWorkspace = kWorkspaces + "/{workspace}";
const std::string kClusters = kWorkspace + "/clusters";
const std::string kServers = kWorkspace + "/fileServers";
const std::string kExperiments = kWorkspace + "/experiments";
const std::string kJobs = kExperiments + "/{experiment}/jobs";
const std::string kJob = kJobs + "/{job}";
const std::string kPrincipals = "/providers/Batchai.Service/principals";

/// Whom an operation is for.
enum class For {
  /// Everybody who has signed in: it shows nothing of a group, or leaves out what is in other groups.
  All,
  /// Readers, and those whose role is for the group.
  Readers,
  Contributors,
  /// Contributors whose role is for all groups.
  ContributorsOfAll,
  Owners
};

struct Row {
  std::string method;
  std::string pattern;
  std::string operation;
  For whom;
};

/// A new operation needs a row.
const std::vector<Row>& rows() {
  const std::string resources = "Microsoft.Resources/";
  const std::string storage = "Microsoft.Storage/";
  const std::string batchai = "Microsoft.BatchAI/";
  const std::string jobs = "Microsoft.BatchAI/workspaces/experiments/jobs/";
  static const std::vector<Row> kRows = {
      {"GET", "/subscriptions", resources + "subscriptions/read", For::All},
      {"GET", kS, resources + "subscriptions/read", For::All},
      {"GET", kS + "/locations", resources + "subscriptions/locations/read", For::All},
      {"GET", "/tenants", resources + "tenants/read", For::All},

      {"GET", kS + "/resourceGroups", resources + "subscriptions/resourceGroups/read", For::All},
      {"PUT", kG, resources + "subscriptions/resourceGroups/write", For::Contributors},
      {"PATCH", kG, resources + "subscriptions/resourceGroups/write", For::Contributors},
      {"GET", kG, resources + "subscriptions/resourceGroups/read", For::Readers},
      {"DELETE", kG, resources + "subscriptions/resourceGroups/delete", For::Contributors},
      {"GET", kS + "/operationresults/{operation}", resources + "subscriptions/operationresults/read", For::Readers},
      {"GET", kS + "/resources", resources + "subscriptions/resources/read", For::All},
      {"GET", kG + "/resources", resources + "subscriptions/resourceGroups/resources/read", For::Readers},

      {"GET", kS + "/providers", resources + "subscriptions/providers/read", For::All},
      {"GET", kS + "/providers/{provider}", resources + "subscriptions/providers/read", For::All},
      {"POST", kS + "/providers/{provider}/register", "X.Y/register/action", For::ContributorsOfAll},
      {"POST", kS + "/providers/{provider}/unregister", "X.Y/unregister/action", For::ContributorsOfAll},

      {"GET", kS + "/providers/Microsoft.Storage/storageAccounts", storage + "storageAccounts/read", For::All},
      {"POST", kS + "/providers/Microsoft.Storage/checkNameAvailability", storage + "checkNameAvailability/read",
       For::All},
      {"GET", kStorage, storage + "storageAccounts/read", For::Readers},
      {"GET", kAccount, storage + "storageAccounts/read", For::Readers},
      {"PUT", kAccount, storage + "storageAccounts/write", For::Contributors},
      {"PATCH", kAccount, storage + "storageAccounts/write", For::Contributors},
      {"DELETE", kAccount, storage + "storageAccounts/delete", For::Contributors},
      {"POST", kAccount + "/listKeys", storage + "storageAccounts/listKeys/action", For::Contributors},
      {"POST", kAccount + "/regenerateKey", storage + "storageAccounts/regenerateKey/action", For::Contributors},
      {"GET", kShares, storage + "storageAccounts/fileServices/shares/read", For::Readers},
      {"GET", kShares + "/{folder}", storage + "storageAccounts/fileServices/shares/read", For::Readers},
      {"PUT", kShares + "/{folder}", storage + "storageAccounts/fileServices/shares/write", For::Contributors},
      {"PATCH", kShares + "/{folder}", storage + "storageAccounts/fileServices/shares/write", For::Contributors},
      {"DELETE", kShares + "/{folder}", storage + "storageAccounts/fileServices/shares/delete", For::Contributors},
      {"GET", kContainers, storage + "storageAccounts/blobServices/containers/read", For::Readers},
      {"GET", kContainers + "/{folder}", storage + "storageAccounts/blobServices/containers/read", For::Readers},
      {"PUT", kContainers + "/{folder}", storage + "storageAccounts/blobServices/containers/write", For::Contributors},
      {"PATCH", kContainers + "/{folder}", storage + "storageAccounts/blobServices/containers/write",
       For::Contributors},
      {"DELETE", kContainers + "/{folder}", storage + "storageAccounts/blobServices/containers/delete",
       For::Contributors},

      {"GET", "/providers/Microsoft.BatchAI/operations", batchai + "operations/read", For::All},
      {"GET", kProvider + "/locations/{location}/usages", batchai + "locations/usages/read", For::All},
      {"GET", kProvider + "/locations/{location}/operationresults/{operation}",
       batchai + "locations/operationresults/read", For::Readers},
      {"GET", kProvider + "/locations/{location}/operationstatuses/{operation}",
       batchai + "locations/operationstatuses/read", For::Readers},
      {"GET", kProvider + "/workspaces", batchai + "workspaces/read", For::All},
      {"GET", kWorkspaces, batchai + "workspaces/read", For::Readers},
      {"PUT", kWorkspace, batchai + "workspaces/write", For::Contributors},
      {"PATCH", kWorkspace, batchai + "workspaces/write", For::Contributors},
      {"GET", kWorkspace, batchai + "workspaces/read", For::Readers},
      {"DELETE", kWorkspace, batchai + "workspaces/delete", For::Contributors},

      {"GET", kClusters, batchai + "workspaces/clusters/read", For::Readers},
      {"PUT", kClusters + "/{cluster}", batchai + "workspaces/clusters/write", For::Contributors},
      {"PATCH", kClusters + "/{cluster}", batchai + "workspaces/clusters/write", For::Contributors},
      {"GET", kClusters + "/{cluster}", batchai + "workspaces/clusters/read", For::Readers},
      {"DELETE", kClusters + "/{cluster}", batchai + "workspaces/clusters/delete", For::Contributors},
      {"POST", kClusters + "/{cluster}/listRemoteLoginInformation",
       batchai + "workspaces/clusters/listRemoteLoginInformation/action", For::Contributors},
      {"GET", kClusters + "/{cluster}/listRemoteLoginInformation",
       batchai + "workspaces/clusters/listRemoteLoginInformation/action", For::Contributors},

      {"GET", kProvider + "/clusters", batchai + "clusters/read", For::All},
      {"GET", kProvider + "/jobs", batchai + "jobs/read", For::All},
      {"GET", kWorkspace + "/jobs", batchai + "workspaces/jobs/read", For::Readers},

      {"GET", kServers, batchai + "workspaces/fileServers/read", For::Readers},
      {"PUT", kServers + "/{fileServer}", batchai + "workspaces/fileServers/write", For::Contributors},
      {"GET", kServers + "/{fileServer}", batchai + "workspaces/fileServers/read", For::Readers},
      {"DELETE", kServers + "/{fileServer}", batchai + "workspaces/fileServers/delete", For::Contributors},

      {"GET", kExperiments, batchai + "workspaces/experiments/read", For::Readers},
      {"PUT", kExperiments + "/{experiment}", batchai + "workspaces/experiments/write", For::Contributors},
      {"GET", kExperiments + "/{experiment}", batchai + "workspaces/experiments/read", For::Readers},
      {"DELETE", kExperiments + "/{experiment}", batchai + "workspaces/experiments/delete", For::Contributors},

      {"GET", kJobs, jobs + "read", For::Readers},
      {"PUT", kJob, jobs + "write", For::Contributors},
      {"GET", kJob, jobs + "read", For::Readers},
      {"DELETE", kJob, jobs + "delete", For::Contributors},
      {"POST", kJob + "/terminate", jobs + "terminate/action", For::Contributors},
      {"POST", kJob + "/listOutputFiles", jobs + "listOutputFiles/action", For::Contributors},
      {"GET", kJob + "/listOutputFiles", jobs + "listOutputFiles/action", For::Contributors},
      {"POST", kJob + "/listRemoteLoginInformation", jobs + "listRemoteLoginInformation/action", For::Contributors},
      {"GET", kJob + "/listRemoteLoginInformation", jobs + "listRemoteLoginInformation/action", For::Contributors},

      {"GET", kPrincipals, "Batchai.Service/principals/read", For::Owners},
      {"PUT", kPrincipals + "/{principal}", "Batchai.Service/principals/write", For::Owners},
      {"GET", kPrincipals + "/{principal}", "Batchai.Service/principals/read", For::Owners},
      {"PATCH", kPrincipals + "/{principal}", "Batchai.Service/principals/write", For::Owners},
      {"DELETE", kPrincipals + "/{principal}", "Batchai.Service/principals/delete", For::Owners},
      {"POST", kPrincipals + "/{principal}/renew", "Batchai.Service/principals/renew/action", For::Owners},
  };
  return kRows;
}

bool is_for(const Principal& principal, For whom) {
  const bool in_group = principal.groups.empty() || principal.groups.front() == "RG";
  const bool is_reader = principal.role == Role::Reader;
  switch (whom) {
    case For::All:
      return true;
    case For::Readers:
      return in_group;
    case For::Contributors:
      return in_group && !is_reader;
    case For::ContributorsOfAll:
      return principal.groups.empty() && !is_reader;
    case For::Owners:
      break;
  }
  return principal.role == Role::Owner;
}

class RoleTable : public ::testing::Test, protected ServiceFixture {
 protected:
  RoleTable() {
    store.write([this](Transaction& transaction) {
      for (const char* name : {"rg", "other"}) {
        transaction.put({.key = "/subscriptions/" + kSubscription + "/resourcegroups/" + name,
                         .kind = "resourceGroup",
                         .body = {{"name", name}}});
      }
      operation_ = create_operation(transaction, {}, kSubscription, "eastus", kSubscription + "$RG$ws").id;
    });
  }

  /// Those of the service, with handlers that answer 200.
  std::vector<Route> routes() {
    const ArmOptions arm{.store = store,
                         .clock = clock_,
                         .management_url = kUrl,
                         .files_url = kUrl,
                         .subscription_id = kSubscription,
                         .tenant_id = "tenant",
                         .remove_group_contents = nullptr,
                         .remove_account_data = nullptr};
    const PrincipalAdminOptions admin{.principals = principals_,
                                      .clock = clock_,
                                      .tenant_id = "tenant",
                                      .subscription_id = kSubscription,
                                      .own_client_id = "",
                                      .own_secret_renewed = nullptr};
    auto all =
        management_routes(arm, {store, workspaces, experiments, clusters, file_servers, jobs, output_files_, usages_},
                          std::make_shared<PrincipalAdmin>(admin));
    for (Route& route : all) {
      route.handler = [](const Request&, const PathParameters&) { return Response{.body = "{}"}; };
    }
    return all;
  }

  /// A path that fits the pattern, in the group RG.
  std::string path_of(const std::string& pattern) const {
    static const std::map<std::string, std::string> kValues = {
        {"subscription", kSubscription}, {"group", "RG"}, {"provider", "X.Y"}};
    std::string path = pattern;
    for (std::size_t begin = path.find('{'); begin != std::string::npos; begin = path.find('{')) {
      const std::size_t end = path.find('}', begin);
      const std::string name = path.substr(begin + 1, end - begin - 1);
      const auto value = kValues.find(name);
      path.replace(begin, end - begin + 1,
                   name == "operation" ? operation_ : (value == kValues.end() ? "a" + name : value->second));
    }
    return path;
  }

  Response send(const std::string& method, const std::string& path, const std::string& token,
                const std::string& body = {}) {
    Request request{.method = method, .target = path, .path = path, .body = body};
    request.headers.set("Authorization", "Bearer " + token);
    request.parameters = {{"api-version", "2018-05-01"}};
    return api_.handle(request);
  }

  std::string token_of(const Principal& principal) const { return tokens_.issue(principal, kUrl).text; }

  static constexpr const char* kUrl = "https://here";
  std::string operation_;
  std::shared_ptr<batchai::test::FakeClock> clock_ = std::make_shared<batchai::test::FakeClock>();
  OutputFiles output_files_{store, *clock_, "/nonexistent", Url::parse("http://127.0.0.1:1")};
  Usages usages_{context};
  Principals principals_{store};
  AccessTokens tokens_{{signing::RsaPrivateKey::generate(), "key"}, "tenant", clock_};
  ManagementApi api_{{.store = store,
                      .tokens = tokens_,
                      .principals = principals_,
                      .clock = clock_,
                      .management_url = kUrl,
                      .subscription_id = kSubscription,
                      .audiences = {kUrl},
                      .on_failure = [](const Request&, std::string_view what) { ADD_FAILURE() << what; }},
                     Router(),
                     routes()};
};

TEST_F(RoleTable, HasARowForEachOperationOfTheService) {
  std::set<std::string> known;
  for (const Row& row : rows()) {
    known.insert(row.method + " " + row.pattern);
  }
  std::set<std::string> served;
  for (const Route& route : routes()) {
    served.insert(route.method + " " + route.pattern);
  }
  EXPECT_EQ(known, served);
}

TEST_F(RoleTable, LetsEachRoleDoWhatItMayAndRefusesTheRest) {
  std::vector<Principal> principals;
  for (const Role role : {Role::Owner, Role::Contributor, Role::Reader}) {
    principals.push_back(principals_.create(role_name(role), role));
  }
  for (const Role role : {Role::Contributor, Role::Reader}) {
    principals.push_back(principals_.create(role_name(role) + "-of-rg", role, {"RG"}));
    principals.push_back(principals_.create(role_name(role) + "-of-other", role, {"other"}));
  }
  for (const Principal& principal : principals) {
    const std::string token = token_of(principal);
    for (const Row& row : rows()) {
      SCOPED_TRACE(principal.display_name + ": " + row.method + " " + row.pattern);
      const Response response = send(row.method, path_of(row.pattern), token);
      EXPECT_EQ(response.status, is_for(principal, row.whom) ? 200 : 403) << response.body;
      EXPECT_EQ(response.operation, row.operation);
      EXPECT_EQ(response.principal, principal.app_id);
      EXPECT_EQ(response.principal_name, principal.display_name);
      if (response.status == 403) {
        const json error = json::parse(response.body).at("error");
        EXPECT_EQ(error.at("code"), "AuthorizationFailed");
        EXPECT_THAT(error.at("message"),
                    StartsWith("The client '" + principal.app_id + "' with object id '" + principal.object_id +
                               "' does not have authorization to perform action '" + row.operation + "' over scope '"));
      }
    }
  }
}

TEST_F(RoleTable, RefusesEverythingToARemovedPrincipal) {
  const Principal owner = principals_.create("gone", Role::Owner);
  const std::string token = token_of(owner);
  principals_.remove(owner.app_id);
  for (const Row& row : rows()) {
    EXPECT_EQ(send(row.method, path_of(row.pattern), token).status, 401) << row.method << " " << row.pattern;
  }
}

TEST_F(RoleTable, ARefusalNamesWhatTheRequestIsAbout) {
  const std::string token = token_of(principals_.create("r", Role::Reader, {"other"}));
  const auto scope_at = [&](const std::string& method, const std::string& pattern) {
    const std::string message =
        json::parse(send(method, path_of(pattern), token).body).at("error").at("message").get<std::string>();
    const std::size_t begin = message.find("over scope '") + 12;
    return message.substr(begin, message.find('\'', begin) - begin);
  };
  const std::string group = "/subscriptions/" + kSubscription + "/resourceGroups/RG";
  EXPECT_EQ(scope_at("GET", kG), group);
  EXPECT_EQ(scope_at("GET", kWorkspaces), group);
  EXPECT_EQ(scope_at("GET", kClusters), group + "/providers/Microsoft.BatchAI/workspaces/aworkspace");
  EXPECT_EQ(scope_at("PUT", kClusters + "/{cluster}"),
            group + "/providers/Microsoft.BatchAI/workspaces/aworkspace/clusters/acluster");
  EXPECT_EQ(scope_at("POST", kAccount + "/listKeys"), group + "/providers/Microsoft.Storage/storageAccounts/aaccount");
  EXPECT_EQ(scope_at("POST", kS + "/providers/{provider}/register"), "/subscriptions/" + kSubscription);
  EXPECT_EQ(scope_at("GET", kPrincipals), "/");
}

TEST_F(RoleTable, AHeadAsksForPermissionToRead) {
  const std::string path = path_of(kG);
  EXPECT_EQ(send("HEAD", path, token_of(principals_.create("in", Role::Reader, {"rg"}))).status, 204);
  EXPECT_EQ(send("HEAD", path, token_of(principals_.create("out", Role::Reader, {"other"}))).status, 403);
}

TEST_F(RoleTable, WhatIsNotThereIsRefusedAsWhatIs) {
  const std::string token = token_of(principals_.create("r", Role::Contributor, {"other"}));
  const std::string path = "/subscriptions/" + kSubscription + "/resourceGroups/";
  EXPECT_EQ(send("PUT", path + "nowhere/providers/Microsoft.Storage/storageAccounts/a", token).status, 403);
  EXPECT_EQ(send("GET", path + "nowhere/providers/Microsoft.Storage/storageAccounts/a", token).status, 403);
  for (const std::string group : {"RG", "nowhere"}) {
    for (const char* rest : {"/providers/Microsoft.Storage/nothing/a", "/providers/Microsoft.BatchAI/workspaces",
                             "/providers/Nobody.Here/things/a", "/nothing"}) {
      const Response response = send("PUT", path + group + rest, token);
      EXPECT_EQ(response.status, 403) << group << rest;
      EXPECT_THAT(response.body, HasSubstr("/resourceGroups/" + group + "'"));
    }
    EXPECT_EQ(send("GET", path + group + "/providers/Microsoft.Storage/nothing/a", token).status, 403) << group;
  }
  EXPECT_EQ(send("GET", path + "other/providers/Microsoft.Storage/nothing/a", token).status, 404);
}

TEST_F(RoleTable, AChangedRoleCountsAtOnce) {
  const Principal principal = principals_.create("p", Role::Reader);
  const std::string token = token_of(principal);
  EXPECT_EQ(send("PUT", path_of(kWorkspace), token).status, 403);
  principals_.set_role(principal.app_id, Role::Contributor, {});
  EXPECT_EQ(send("PUT", path_of(kWorkspace), token).status, 200);
  principals_.set_role(principal.app_id, Role::Contributor, {"other"});
  EXPECT_EQ(send("PUT", path_of(kWorkspace), token).status, 403);
}

TEST_F(RoleTable, ABodyMayNotReferToAGroupThatTheRoleIsNotFor) {
  const std::string limited = token_of(principals_.create("limited", Role::Contributor, {"RG"}));
  const std::string all = token_of(principals_.create("all", Role::Contributor));
  const std::string cluster =
      "/subscriptions/" + kSubscription + "/resourceGroups/Other/providers/Microsoft.BatchAI/workspaces/w/clusters/c";
  const json body = {{"properties", {{"cluster", {{"id", cluster}}}}}};
  const Response refused = send("PUT", path_of(kJob), limited, body.dump());
  EXPECT_EQ(refused.status, 403);
  const json error = json::parse(refused.body).at("error");
  EXPECT_EQ(error.at("code"), "LinkedAuthorizationFailed");
  EXPECT_THAT(error.at("message"),
              HasSubstr("'Microsoft.BatchAI/workspaces/clusters/read' on the linked scope(s) '" + cluster + "'"));
  EXPECT_EQ(send("PUT", path_of(kJob), all, body.dump()).status, 200);
  const json own = {{"properties", {{"cluster", {{"id", "/subscriptions/s/resourceGroups/rg/x"}}}}}};
  EXPECT_EQ(send("PUT", path_of(kJob), limited, own.dump()).status, 200);

  const std::string server = "/subscriptions/" + kSubscription +
                             "/resourceGroups/Other/providers/Microsoft.BatchAI/workspaces/w/fileServers/f";
  const json mount = {
      {"properties", {{"nodeSetup", {{"mountVolumes", {{"fileServers", {{{"fileServer", {{"id", server}}}}}}}}}}}}};
  EXPECT_EQ(send("PUT", path_of(kClusters + "/{cluster}"), limited, mount.dump()).status, 403);
  EXPECT_EQ(send("PUT", path_of(kClusters + "/{cluster}"), limited, "no JSON").status, 200);
  EXPECT_EQ(send("PUT", path_of(kClusters + "/{cluster}"), limited, std::string(100'000, '[')).status, 200);
}

}  // namespace
}  // namespace batchai::server::test
