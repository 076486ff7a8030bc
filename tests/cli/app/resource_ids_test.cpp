#include "cli/cli_fixture.hpp"
#include "cli/small_world.hpp"

// Resources named by their full ids: --ids, and an id as workspace.
namespace batchai::cli::test {
namespace {

using batchai::test::empty_response;
using batchai::test::json_response;
using ::testing::HasSubstr;

class ResourceIds : public CliTest {
 protected:
  static std::string cluster(const std::string& name) {
    return "/subscriptions/other/resourceGroups/gi/providers/Microsoft.BatchAI/workspaces/wi/clusters/" + name;
  }
  static std::string url_of(const std::string& resource) {
    return "https://management.azure.com" + resource + "?api-version=2018-05-01";
  }
  static std::string document(const std::string& name) {
    return R"({"id":")" + cluster(name) + R"(","name":")" + name + R"(","properties":{}})";
  }
};

TEST_F(ResourceIds, OfSeveralResourcesGiveAList) {
  transport_->on("GET", url_of(cluster("a")), json_response(200, document("a")));
  transport_->on("GET", url_of(cluster("b")), json_response(200, document("b")));
  const Outcome outcome =
      run({"cluster", "show", "--ids", cluster("a"), cluster("b"), "--query", "[].[name, resourceGroup]", "-o", "tsv"});
  EXPECT_EQ(outcome.out, "a\tgi\nb\tgi\n");
}

TEST_F(ResourceIds, AreAllTriedAndWhatFailedIsNamed) {
  transport_->on("DELETE", url_of(cluster("a")), not_found("a"));
  transport_->on("DELETE", url_of(cluster("b")), empty_response(204));
  const Outcome outcome = run({"cluster", "delete", "-y", "--ids", cluster("a"), cluster("b")});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.err, "batchai: error: " + cluster("a") + ": (ResourceNotFound) a was not found.\n");
}

TEST_F(ResourceIds, AreAllAskedForBeforeTheFirstIsWaitedFor) {
  const auto operation = [](const std::string& name) { return url_of("/subscriptions/other/operations/" + name); };
  transport_->on("DELETE", url_of(cluster("a")), empty_response(202, {{"Location", operation("a")}}));
  transport_->on("DELETE", url_of(cluster("b")), not_found("b"));
  transport_->on("DELETE", url_of(cluster("c")), empty_response(202, {{"Location", operation("c")}}));
  transport_->on("GET", operation("a"), json_response(409, R"({"error":{"code":"Broken","message":"No."}})"));
  transport_->on("GET", operation("c"), empty_response(204));
  const Outcome outcome = run({"cluster", "delete", "-y", "--ids", cluster("a"), cluster("b"), cluster("c")});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "batchai: error: " + cluster("a") + ": (Broken) No.\nbatchai: error: " + cluster("b") +
                             ": (ResourceNotFound) b was not found.\n");
}

TEST_F(ResourceIds, AreAllReadBeforeAnythingIsDone) {
  const Outcome outcome = run({"cluster", "delete", "-y", "--ids", cluster("a"), "nonsense"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--ids: 'nonsense' is not a resource id"));
}

TEST_F(ResourceIds, OfAJobIsNotThatOfItsExperiment) {
  const std::string job = id(workspace_path() + "/experiments/e/jobs/j");
  expect_error({"experiment", "delete", "-y", "--ids", job}, 2,
               "batchai: error: --ids: '" + job +
                   "' is the id of something else (expected /subscriptions/ID/resourceGroups/GROUP/providers/"
                   "Microsoft.BatchAI/workspaces/WORKSPACE/experiments/NAME)");
}

TEST_F(ResourceIds, OfAWorkspaceStandsForGroupAndName) {
  const std::string workspace = "/subscriptions/other/resourceGroups/gi/providers/Microsoft.BatchAI/workspaces/wi";
  transport_->on("GET", url_of(workspace + "/clusters"), json_response(200, R"({"value":[]})"));
  EXPECT_EQ(run({"cluster", "list", "-w", workspace}).exit_code, 0);
  transport_->on("GET", url_of(workspace), json_response(200, R"({"name":"wi"})"));
  EXPECT_EQ(run({"workspace", "show", "-n", workspace}).exit_code, 0);
  variables_["BATCHAI_DEFAULTS_WORKSPACE"] = workspace;
  transport_->on("GET", url_of(workspace + "/clusters"), json_response(200, R"({"value":[]})"));
  EXPECT_EQ(run({"cluster", "list"}).exit_code, 0);
}

TEST_F(ResourceIds, OfAWorkspaceFitsTheGroupAndIsOne) {
  const std::string workspace = id("/resourceGroups/gi/providers/Microsoft.BatchAI/workspaces/wi");
  expect_error({"cluster", "list", "-g", "g", "-w", workspace}, 2,
               "batchai: error: --workspace: the workspace of this id is in the group 'gi', not in 'g' (leave out "
               "-g/--resource-group)");
  expect_error({"cluster", "list", "-w", workspace + "/clusters/c"}, 2,
               "batchai: error: --workspace: '" + workspace + "/clusters/c' is not the id of a workspace");
  EXPECT_EQ(run({"cluster", "list", "-w", "/wi"}).exit_code, 2);
}

TEST_F(ResourceIds, WaitForSeveralJobsWithTheFirstExitCodeThatIsNone) {
  const auto job = [](const std::string& name) { return id(workspace_path() + "/experiments/e/jobs/" + name); };
  const auto ended = [&](const std::string& name, const std::string& state, int exit_code) {
    return json_response(200, R"({"name":")" + name + R"(","properties":{"executionState":")" + state +
                                  R"(","executionInfo":{"exitCode":)" + std::to_string(exit_code) + "}}}");
  };
  transport_->on("GET", url_of(job("a")), ended("a", "succeeded", 0));
  for (const auto& [name, code] : {std::pair("b", 7), std::pair("c", 9)}) {
    transport_->on("GET", url_of(job(name)), ended(name, "failed", code));
    transport_->on("POST", url_of(job(name) + "/listOutputFiles") + "&outputdirectoryid=stdouterr",
                   json_response(200, R"({"value":[]})"));
  }
  EXPECT_EQ(run({"job", "wait", "--ids", job("a"), job("b"), job("c")}).exit_code, 7);
}

}  // namespace
}  // namespace batchai::cli::test
