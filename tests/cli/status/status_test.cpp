#include "cli/cli_fixture.hpp"

#include <algorithm>

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using nlohmann::json;
using ::testing::HasSubstr;

class Status : public CliTest {
 protected:
  Status() { clock_ = std::make_shared<batchai::test::FakeClock>(parse_iso8601("2018-06-07T21:16:21Z").value()); }

  static json job(const std::string& name, const std::string& state, json info = json::object()) {
    return {{"id", id(workspace_path() + "/experiments/e/jobs/" + name)},
            {"name", name},
            {"properties",
             {{"executionState", state},
              {"cluster", {{"id", id(workspace_path() + "/clusters/c")}}},
              {"nodeCount", 1},
              {"creationTime", "2018-06-07T21:00:00Z"},
              {"executionInfo", std::move(info)}}}};
  }
  static json cluster() {
    return {{"id", id(workspace_path() + "/clusters/c")},
            {"name", "c"},
            {"properties",
             {{"vmSize", "STANDARD_NC6"},
              {"allocationState", "steady"},
              {"currentNodeCount", 2},
              {"nodeStateCounts",
               {{"idleNodeCount", 1},
                {"runningNodeCount", 1},
                {"preparingNodeCount", 0},
                {"leavingNodeCount", 0},
                {"unusableNodeCount", 0}}}}}};
  }
  void on_list(const std::string& type, const std::string& query, const json& items) {
    transport_->on("GET", url("/providers/Microsoft.BatchAI/" + type) + query,
                   json_response(200, json{{"value", items}}.dump()));
  }
  void on_health(HttpResponse answer) {
    transport_->on("GET", "https://management.azure.com/healthz", std::move(answer));
  }
  void on_jobs() {
    on_list("jobs", "&executionState=running%2Cterminating",
            json::array({job("runs", "running", {{"startTime", "2018-06-07T21:10:00Z"}})}));
    on_list("jobs", "&executionState=queued",
            {job("second", "queued", {{"errors", {{{"code", "Resources"}, {"message", "Waits for GPUs."}}}}}),
             job("first", "queued")});
    on_list("jobs", "&executionState=failed&endedSince=2018-06-06T21%3A16%3A21.0000000Z",
            {job("early", "failed", {{"endTime", "2018-06-07T01:00:00Z"}, {"exitCode", 1}}),
             job("broken", "failed", {{"endTime", "2018-06-07T20:00:00Z"}, {"exitCode", 3}})});
  }
  void on_all() {
    on_list("clusters", "", json::array({cluster()}));
    on_health(json_response(200, R"({"status":"ok","version":"0.1.0","checks":{"store":"ok"}})"));
    on_jobs();
  }
};

TEST_F(Status, IsADocumentInAPipe) {
  on_all();
  const Outcome outcome = run({"status"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const json shown = json::parse(outcome.out);
  EXPECT_EQ(shown["service"]["health"], "ok");
  EXPECT_EQ(shown["service"]["version"], "0.1.0");
  EXPECT_EQ(shown["clusters"][0]["nodes"]["idle"], 1);
  EXPECT_EQ(shown["running"]["count"], 1);
  EXPECT_EQ(shown["waiting"]["newest"][0]["reason"]["code"], "Resources");
  EXPECT_EQ(shown["failed"]["count"], 2);
  EXPECT_EQ(shown["failed"]["newest"][0]["name"], "broken") << "which failed last, though it is older";
}

TEST_F(Status, KnowsWhatFailedLastAmongMoreThanItCounts) {
  on_list("clusters", "", json::array());
  on_health({.status = 404});
  for (const char* query : {"&executionState=running%2Cterminating", "&executionState=queued"}) {
    on_list("jobs", query, json::array());
  }
  json failed = json::array();
  for (int number = 0; number < 1200; ++number) {
    failed.push_back(job("sweep" + std::to_string(number), "failed", {{"endTime", "2018-06-07T01:00:00Z"}}));
  }
  failed.push_back(job("old", "failed", {{"endTime", "2018-06-07T20:00:00Z"}}));
  on_list("jobs", "&executionState=failed&endedSince=2018-06-06T21%3A16%3A21.0000000Z", failed);
  const json shown = json::parse(run({"status", "--top", "2"}).out)["failed"];
  EXPECT_EQ(shown["count"], 1000);
  EXPECT_EQ(shown["more"], true);
  ASSERT_EQ(shown["newest"].size(), 2);
  EXPECT_EQ(shown["newest"][0]["name"], "old");
  EXPECT_EQ(shown["newest"][1]["name"], "sweep0");
}

TEST_F(Status, IsTablesUnderHeadings) {
  on_all();
  const Outcome outcome = run({"status", "-o", "table", "--top", "1"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  expect_golden("status.table", outcome.out);
}

TEST_F(Status, NamesGroupsInWideTables) {
  on_all();
  const std::string shown = run({"status", "-o", "wide"}).out;
  EXPECT_THAT(shown, HasSubstr("Cluster  Workspace  Resource Group  State"));
  EXPECT_THAT(shown, HasSubstr("Job     In   Resource Group  Cluster"));
}

TEST_F(Status, NamesGroupsWhereThereAreSeveral) {
  json other = cluster();
  other["id"] = "/subscriptions/sub/resourceGroups/team2/providers/Microsoft.BatchAI/workspaces/w/clusters/c";
  on_list("clusters", "", {cluster(), other});
  on_health({.status = 404, .body = ""});
  on_jobs();
  const std::string shown = run({"status", "-o", "table"}).out;
  EXPECT_THAT(shown, HasSubstr("\nc        w          g               steady "));
  EXPECT_THAT(shown, HasSubstr("\nc        w          team2           steady "));
  EXPECT_THAT(shown, HasSubstr("\nbroken  w/e  g               c "));
}

TEST_F(Status, TellsWhatJobsWaitForAsTheListOfJobsDoes) {
  on_list("clusters", "", json::array());
  on_health({.status = 404, .body = ""});
  on_list("jobs", "&executionState=running%2Cterminating", json::array());
  json waiting = job("large", "queued");
  waiting["properties"]["waitingReason"] = {{"code", "ClusterTooSmall"},
                                            {"message", "The job waits for 3 nodes, and the cluster c may have 1"}};
  on_list("jobs", "&executionState=queued", json::array({waiting}));
  on_list("jobs", "&executionState=failed&endedSince=2018-06-06T21%3A16%3A21.0000000Z", json::array());
  EXPECT_THAT(run({"status", "-o", "table"}).out, HasSubstr("  3 nodes, and the cluster c may have 1\n"));
}

TEST_F(Status, FitsANarrowTerminal) {
  on_all();
  out_terminal_ = true;
  width_ = 40;
  const Outcome outcome = run({"status"});
  EXPECT_THAT(outcome.out, HasSubstr("\nWaiting jobs: 2\n"));
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) {
    const auto columns = std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xc0) != 0x80; });
    EXPECT_TRUE(columns <= 40 || line.starts_with("Service ")) << line;
  }
}

TEST_F(Status, DoesWithoutHealthAndTheWideLists) {
  const std::string all = "/providers/Microsoft.BatchAI/";
  const HttpResponse none = json_response(404, R"({"error":{"code":"InvalidResourceType","message":"none"}})");
  const HttpResponse empty = json_response(200, R"({"value":[]})");
  for (const std::string& list : {url(all + "clusters")}) {
    transport_->on("GET", list, none);
    transport_->on("GET", url(all + "workspaces"), empty);
  }
  on_health({.status = 404, .body = "<html>"});
  for (const char* query : {"&executionState=running%2Cterminating", "&executionState=queued",
                            "&executionState=failed&endedSince=2018-06-06T21%3A16%3A21.0000000Z"}) {
    transport_->on("GET", url(all + "jobs") + query, none);
    transport_->on("GET", url(all + "workspaces"), empty);
  }
  const Outcome outcome = run({"status"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const json shown = json::parse(outcome.out);
  EXPECT_EQ(shown["service"], json({{"endpoint", "https://management.azure.com"}}));
  EXPECT_EQ(shown["waiting"]["count"], 0);
}

TEST_F(Status, SaysWhatIsNotWell) {
  on_list("clusters", "", json::array());
  on_health(
      json_response(503, R"({"status":"unavailable","version":"0.1.0","checks":{"store":"ok","engine":"failed"}})"));
  on_jobs();
  EXPECT_THAT(run({"status", "-o", "table"}).out, HasSubstr(": unavailable, version 0.1.0; engine: failed\n"));
}

TEST_F(Status, RefusesANumberBelowZero) {
  expect_error({"status", "--top", "-1"}, 2, "batchai: error: --top: the number of jobs must not be below 0");
}

}  // namespace
}  // namespace batchai::cli::test
