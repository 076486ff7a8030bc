// Batch AI's lists of the subscription, as the service makes them, for a role that is for some groups.
#include "batchai/core/http.hpp"
#include "batchai/models/resource_id.hpp"
#include "server/arm/management_api.hpp"
#include "server/program/management_routes.hpp"
#include "signing/query.hpp"
#include "support/service_fixture.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::server::test {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Names = std::vector<std::string>;

const std::string kAll = "0a0a0a0a-1111-2222-3333-444444444444";

class LimitedBatchAiLists : public ::testing::Test, protected ServiceFixture {
 protected:
  LimitedBatchAiLists() {
    for (const char* group : {"mine", "theirs"}) {
      const std::string id = "/subscriptions/" + kAll + "/resourceGroups/" + group;
      store.write([&](Transaction& transaction) {
        transaction.put({.key = to_lower(id),
                         .kind = "resourceGroup",
                         .body = {{"id", id},
                                  {"name", group},
                                  {"location", "eastus"},
                                  {"properties", {{"provisioningState", "Succeeded"}}}}});
      });
    }
    for (const char* name : kWorkspaces) {
      const WorkspaceName workspace = named(name);
      workspaces.create(workspace, {.location = "eastus"});
      clusters.create({workspace, "c"}, read_body<ClusterCreateParameters>(cluster_body(manual(1)).dump()));
      experiments.create({workspace, "e"});
    }
    for (const char* name : kWorkspaces) {
      create_job_in(name);
    }
  }

  /// Its group is the part behind the first two letters.
  static WorkspaceName named(const std::string& workspace) {
    return {.subscription = kAll, .group = workspace.substr(2), .workspace = workspace};
  }
  /// A job of the name of its workspace, on the cluster in `cluster`.
  void create_job_in(const std::string& workspace, const std::string& cluster = "b-theirs") {
    json body = job_body();
    body["properties"]["cluster"]["id"] = ClusterName{named(cluster), "c"}.id();
    jobs.create({{named(workspace), "e"}, workspace}, read_body<JobCreateParameters>(body.dump()));
  }

  json send(const Principal& principal, const std::string& method, const std::string& path,
            const std::string& query = "") {
    Request request{.method = method, .target = path, .path = path};
    request.headers.set("Authorization", "Bearer " + tokens_.issue(principal, kUrl).text);
    request.parameters = signing::split_query("api-version=2018-05-01" + query, true);
    const Response response = api_.handle(request);
    EXPECT_EQ(response.status, 200) << response.body;
    return json::parse(response.body);
  }
  json get(const Principal& principal, const std::string& type, const std::string& query) {
    return send(principal, "GET", "/subscriptions/" + kAll + "/providers/Microsoft.BatchAI/" + type, query);
  }

  /// All pages, as a client that follows the links gets them: their names, in one list for each page.
  std::vector<Names> pages(const Principal& principal, const std::string& type, std::string query = "") {
    std::vector<Names> result;
    while (result.empty() || !query.empty()) {
      const json page = get(principal, type, query);
      Names& names = result.emplace_back();
      for (const json& resource : page.at("value")) {
        names.push_back(parse_resource_id(resource.at("id").get<std::string>()).find("workspaces"));
      }
      const std::string next = page.value("nextLink", "");
      const std::size_t question = next.find('?');
      query = question == std::string::npos ? "" : "&" + next.substr(question + 1);
    }
    return result;
  }

  static constexpr const char* kUrl = "https://here";
  static constexpr const char* kWorkspaces[] = {"a-mine", "b-theirs", "c-theirs", "d-theirs",
                                                "e-mine", "f-theirs", "g-mine"};
  std::shared_ptr<batchai::test::FakeClock> clock_ = std::make_shared<batchai::test::FakeClock>();
  OutputFiles output_files_{store, *clock_, "/nonexistent", Url::parse("http://127.0.0.1:1")};
  Usages usages_{context};
  Principals principals_{store};
  AccessTokens tokens_{{signing::RsaPrivateKey::generate(), "key"}, "tenant", clock_};
  const ArmOptions arm_{.store = store,
                        .clock = clock_,
                        .management_url = kUrl,
                        .files_url = kUrl,
                        .subscription_id = kAll,
                        .tenant_id = "tenant",
                        .remove_group_contents = nullptr,
                        .remove_account_data = nullptr};
  const PrincipalAdminOptions admin_{.principals = principals_,
                                     .clock = clock_,
                                     .tenant_id = "tenant",
                                     .subscription_id = kAll,
                                     .own_client_id = "",
                                     .own_secret_renewed = nullptr};
  ManagementApi api_{
      {.store = store,
       .tokens = tokens_,
       .principals = principals_,
       .clock = clock_,
       .management_url = kUrl,
       .subscription_id = kAll,
       .audiences = {kUrl},
       .on_failure = [](const Request&, std::string_view what) { ADD_FAILURE() << what; }},
      Router(),
      management_routes(arm_, {store, workspaces, experiments, clusters, file_servers, jobs, output_files_, usages_},
                        std::make_shared<PrincipalAdmin>(admin_))};
  const Principal limited_ = principals_.create("limited", Role::Reader, {"Mine"});
};

TEST_F(LimitedBatchAiLists, HoldWhatIsInTheGroupsOfTheRole) {
  const Principal all = principals_.create("all", Role::Reader);
  for (const char* type : {"workspaces", "clusters"}) {
    EXPECT_THAT(pages(limited_, type), ElementsAre(Names{"a-mine", "e-mine", "g-mine"})) << type;
    EXPECT_EQ(pages(all, type).front().size(), 7U) << type;
  }
  EXPECT_THAT(pages(limited_, "jobs"), ElementsAre(Names{"g-mine", "e-mine", "a-mine"}));
  EXPECT_EQ(pages(all, "jobs").front().size(), 7U);
  EXPECT_THAT(pages(principals_.create("none", Role::Reader, {"no-such-group"}), "jobs"), ElementsAre(Names{}));
}

/// Neither the length of a page nor a link tells of what is in other groups.
TEST_F(LimitedBatchAiLists, HaveFullPages) {
  for (const char* type : {"workspaces", "clusters"}) {
    EXPECT_THAT(pages(limited_, type, "&maxresults=2"), ElementsAre(Names{"a-mine", "e-mine"}, Names{"g-mine"}));
    EXPECT_THAT(pages(limited_, type, "&maxresults=3"), ElementsAre(Names{"a-mine", "e-mine", "g-mine"})) << type;
  }
  EXPECT_THAT(pages(limited_, "jobs", "&maxresults=2"), ElementsAre(Names{"g-mine", "e-mine"}, Names{"a-mine"}));
  EXPECT_THAT(pages(limited_, "jobs", "&maxresults=3&executionState=queued"),
              ElementsAre(Names{"g-mine", "e-mine", "a-mine"}));
}

TEST_F(LimitedBatchAiLists, OfAClusterOfOthersHoldWhatIsInTheGroupsOfTheRole) {
  const std::string cluster = "&cluster=" + ClusterName{named("b-theirs"), "c"}.id();
  EXPECT_THAT(pages(limited_, "jobs", "&maxresults=2" + cluster),
              ElementsAre(Names{"g-mine", "e-mine"}, Names{"a-mine"}));
  EXPECT_THAT(pages(limited_, "jobs", "&cluster=" + ClusterName{named("d-theirs"), "c"}.id()), ElementsAre(Names{}));
}

TEST_F(LimitedBatchAiLists, SayOfAClusterOfOthersOnlyWhatKindOfReasonAJobHasToWait) {
  const std::string id = JobName{{named("a-mine"), "e"}, "a-mine"}.id();
  const auto reason = [&](const Principal& principal) {
    return send(principal, "GET", id).at("properties").at("waitingReason");
  };
  const json whole = reason(principals_.create("all", Role::Reader));
  EXPECT_THAT(whole.at("message").get<std::string>(), HasSubstr("the cluster c is getting more"));
  const json hidden = {{"code", "NodesPreparing"},
                       {"message", "The job waits for 1 node of a cluster that you may not see"}};
  EXPECT_EQ(reason(limited_), hidden);
  for (const json& job : get(limited_, "jobs", "").at("value")) {
    EXPECT_EQ(job.at("properties").at("waitingReason"), hidden);
  }
}

TEST_F(LimitedBatchAiLists, SayOfANodeWithAJobOfOthersOnlyThatItRuns) {
  settle();
  const std::string path = ClusterName{named("b-theirs"), "c"}.id() + "/listRemoteLoginInformation";
  const auto node = [&](const Principal& principal) { return send(principal, "POST", path).at("value").at(0); };
  json shown = node(principals_.create("all", Role::Contributor));
  EXPECT_EQ(shown.at("job").at("id"), (JobName{{named("a-mine"), "e"}, "a-mine"}.id()));
  shown.erase("job");
  EXPECT_EQ(shown.at("nodeState"), "running");
  EXPECT_EQ(node(principals_.create("theirs", Role::Contributor, {"theirs"})), shown);
}

}  // namespace
}  // namespace batchai::server::test
