// Lists that batchai-server has beyond Batch AI's own, and what takes their place elsewhere.
#include "batchai/batchai/client.hpp"
#include "support/client_call.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::test {
namespace {

using nlohmann::json;

class WideLists : public ::testing::Test {
 protected:
  static std::string url(const std::string& path, const std::string& query = {}) {
    return std::string(kEndpoint) + "/subscriptions/" + kSubscription + path + "?api-version=2018-05-01" + query;
  }
  static std::string workspace_path(const std::string& name) {
    return "/resourceGroups/g/providers/Microsoft.BatchAI/workspaces/" + name;
  }

  void on(const std::string& path, const json& items, const std::string& query = {}) {
    scripted_.transport->on("GET", url(path, query), json_response(200, json{{"value", items}}.dump()));
  }
  void refuse(const std::string& path, const std::string& code, const std::string& query = {}) {
    scripted_.transport->on("GET", url(path, query),
                            json_response(404, json{{"error", {{"code", code}, {"message", "none"}}}}.dump()));
  }

  static json job(const std::string& name, const std::string& created, const std::string& state,
                  const std::string& cluster = "/c") {
    return {{"name", name},
            {"properties", {{"creationTime", created}, {"executionState", state}, {"cluster", {{"id", cluster}}}}}};
  }

  /// Two workspaces, of which one has two experiments and the other has just been deleted.
  void script_published_lists() {
    const std::string subscription = std::string("/subscriptions/") + kSubscription;
    on(kWorkspaces, {{{"name", "w"}, {"id", subscription + workspace_path("w")}},
                     {{"name", "gone"}, {"id", subscription + workspace_path("gone")}}});
    script_workspace();
    refuse(workspace_path("gone") + "/experiments", "WorkspaceNotFound");
  }
  void script_workspace() {
    const std::string experiments = workspace_path("w") + "/experiments";
    on(experiments, json::array({{{"name", "e"}}, {{"name", "f"}}}));
    json old = job("old", "2018-06-01T00:00:00Z", "succeeded");
    old["properties"]["executionInfo"]["endTime"] = "2018-06-04T00:00:00Z";
    on(experiments + "/e/jobs", {old, job("new", "2018-06-03T00:00:00Z", "running")});
    on(experiments + "/f/jobs", json::array({job("middle", "2018-06-02T00:00:00Z", "running", "/d")}));
  }

  static constexpr const char* kWorkspaces = "/providers/Microsoft.BatchAI/workspaces";
  static constexpr const char* kJobs = "/providers/Microsoft.BatchAI/jobs";
  ScriptedClient<Client> scripted_;
  const Client& client_ = scripted_.client;
};

TEST_F(WideLists, AskForTheJobsOfTheSubscriptionAtOnce) {
  on(kJobs, json::array({{{"name", "b"}}, {{"name", "a"}}}),
     "&cluster=%2Fid&executionState=queued%2Crunning&createdSince=2018-06-01T00%3A00%3A00.0000000Z&maxresults=7");
  EXPECT_EQ(names_of(client_.jobs().list_all({.cluster = "/id",
                                              .states = {"queued", "running"},
                                              .created_since = parse_iso8601("2018-06-01T00:00:00Z"),
                                              .page_size = 7})),
            json({"b", "a"}));
  EXPECT_EQ(scripted_.transport->requests().size(), 1U);
}

TEST_F(WideLists, AskForThoseOfAWorkspace) {
  on(workspace_path("w") + "/jobs", json::array({{{"name", "a"}}}));
  EXPECT_EQ(names_of(client_.jobs().list_all({.group = "g", .workspace = "w"})), json({"a"}));
  EXPECT_THROW(client_.jobs().list_all({.workspace = "w"}), InvalidArgument);
}

TEST_F(WideLists, AreMadeOfTheListsOfExperimentsWhereTheServiceHasNone) {
  refuse(kJobs, "InvalidResourceType");
  script_published_lists();
  EXPECT_EQ(names_of(client_.jobs().list_all()), json({"new", "middle", "old"}));
}

TEST_F(WideLists, HaveOnlyWhatIsWantedThereToo) {
  struct Case {
    ListAllJobsOptions options;
    std::string query;
    json names;
  };
  const Case cases[] = {{{.cluster = "/D"}, "&cluster=%2FD", json::array({"middle"})},
                        {{.states = {"running"}}, "&executionState=running", json::array({"new", "middle"})},
                        {{.created_since = parse_iso8601("2018-06-02T00:00:00Z")},
                         "&createdSince=2018-06-02T00%3A00%3A00.0000000Z",
                         json::array({"new", "middle"})},
                        {{.ended_since = parse_iso8601("2018-06-02T00:00:00Z")},
                         "&endedSince=2018-06-02T00%3A00%3A00.0000000Z",
                         json::array({"old"})}};
  for (const Case& each : cases) {
    refuse(kJobs, "InvalidResourceType", each.query);
    script_published_lists();
    EXPECT_EQ(names_of(client_.jobs().list_all(each.options)), each.names);
  }
}

TEST_F(WideLists, OfAWorkspaceAreMadeOfItsExperimentsOnly) {
  refuse(workspace_path("w") + "/jobs", "InvalidResourceType");
  scripted_.transport->on("GET", url(workspace_path("w")), json_response(200, R"({"name": "w"})"));
  script_workspace();
  EXPECT_EQ(names_of(client_.jobs().list_all({.group = "g", .workspace = "w"})), json({"new", "middle", "old"}));
}

TEST_F(WideLists, SayWhatElseIsWrong) {
  refuse(workspace_path("w") + "/jobs", "WorkspaceNotFound");
  EXPECT_THROW(names_of(client_.jobs().list_all({.group = "g", .workspace = "w"})), ServiceError);
  EXPECT_EQ(scripted_.transport->requests().size(), 1U);
}

TEST_F(WideLists, OfClustersAreMadeOfThoseOfTheWorkspaces) {
  const std::string clusters = "/providers/Microsoft.BatchAI/clusters";
  on(clusters, json::array({{{"name", "c"}}}));
  EXPECT_EQ(names_of(client_.clusters().list_all()), json({"c"}));
  refuse(clusters, "InvalidResourceType");
  const std::string id = std::string("/subscriptions/") + kSubscription + workspace_path("w");
  on(kWorkspaces, json::array({{{"name", "w"}, {"id", id}}}));
  on(workspace_path("w") + "/clusters", json::array({{{"name", "a"}}, {{"name", "b"}}}));
  EXPECT_EQ(names_of(client_.clusters().list_all()), json({"a", "b"}));
}

}  // namespace
}  // namespace batchai::test
