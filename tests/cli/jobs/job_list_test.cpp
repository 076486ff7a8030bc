#include "cli/cli_fixture.hpp"

namespace batchai::cli::test {
namespace {

using ::testing::HasSubstr;
using Words = std::vector<std::string>;

class JobList : public CliTest {
 protected:
  JobList() { variables_["BATCHAI_DEFAULTS_GROUP"] = "g"; }

  static std::string item(const std::string& name, const std::string& experiment = "e") {
    const std::string path = id(workspace_path() + "/experiments/" + experiment + "/jobs/" + name);
    return R"({"id":")" + path + R"(","name":")" + name + R"(","properties":{"executionState":"queued"}})";
  }
  void on(const std::string& path, const std::string& query, const std::string& items, const std::string& next = {}) {
    const std::string link = next.empty() ? "" : R"(,"nextLink":")" + url(path) + next + "\"";
    transport_->on("GET", url(path) + query,
                   batchai::test::json_response(200, R"({"value":[)" + items + "]" + link + "}"));
  }
  std::string names(Words words) {
    words.insert(words.begin(), {"job", "list"});
    words.insert(words.end(), {"--query", "[].name", "-o", "tsv"});
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out;
  }

  const std::string all_ = "/providers/Microsoft.BatchAI/jobs";
  const std::string of_workspace_ = workspace_path() + "/jobs";
};

TEST_F(JobList, IsOfAnExperimentAsBefore) {
  on(workspace_path() + "/experiments/e/jobs", "", item("a"));
  EXPECT_EQ(names({"-w", "w", "-e", "e"}), "a\n");
}

TEST_F(JobList, IsOfAWorkspaceWhereNoExperimentIsNamed) {
  on(of_workspace_, "", item("b") + "," + item("a", "f"));
  EXPECT_EQ(names({"-w", "w"}), "b\na\n");
}

TEST_F(JobList, IsOfAllWorkspaces) {
  variables_["BATCHAI_DEFAULTS_WORKSPACE"] = "w";
  variables_["BATCHAI_DEFAULTS_EXPERIMENT"] = "e";
  on(all_, "", item("b") + "," + item("a"));
  EXPECT_EQ(names({"-A"}), "b\na\n");
}

TEST_F(JobList, HasTheJobsThatAreAskedFor) {
  on(all_, "&executionState=running%2Cqueued&createdSince=2018-06-07T19%3A16%3A21.0000000Z", item("a"));
  clock_ = std::make_shared<batchai::test::FakeClock>(parse_iso8601("2018-06-07T21:16:21Z").value());
  EXPECT_EQ(names({"-A", "--state", "running,queued", "--since", "2h"}), "a\n");
}

TEST_F(JobList, IsOfAClusterWhereverItsJobsAre) {
  variables_["BATCHAI_DEFAULTS_EXPERIMENT"] = "e";
  const std::string cluster =
      "%2Fsubscriptions%2Fsub%2FresourceGroups%2Fg%2Fproviders%2FMicrosoft.BatchAI%2Fworkspaces%2Fw%2Fclusters%2Fc";
  on(all_, "&cluster=" + cluster, item("a"));
  EXPECT_EQ(names({"-w", "w", "--cluster", "c"}), "a\n");
  on(all_, "&cluster=" + cluster, item("b"));
  EXPECT_EQ(names({"--cluster", id(workspace_path() + "/clusters/c")}), "b\n");
}

TEST_F(JobList, LooksInTheExperimentForWhatIsAskedFor) {
  on(of_workspace_, "&executionState=queued", item("c") + "," + item("b", "f") + "," + item("a"));
  EXPECT_EQ(names({"-w", "w", "-e", "E", "--state", "queued"}), "c\na\n");
}

TEST_F(JobList, AsksForFullPagesWhereItChoosesTheNewestOfAnExperiment) {
  on(of_workspace_, "", item("c", "f") + "," + item("b") + "," + item("a"));
  EXPECT_EQ(names({"-w", "w", "-e", "e", "--top", "1"}), "b\n");
}

TEST_F(JobList, SaysWhenThereIsNoSuchExperimentOrCluster) {
  const auto outcome_of = [&](Words words) {
    words.insert(words.begin(), {"job", "list"});
    return run(words);
  };
  const std::string experiment = workspace_path() + "/experiments/nope";
  on(of_workspace_, "&executionState=failed", item("a"));
  transport_->on("GET", url(experiment), not_found("nope"));
  EXPECT_EQ(outcome_of({"-w", "w", "-e", "nope", "--state", "failed"}).exit_code, 3);
  on(of_workspace_, "&executionState=failed", item("a"));
  transport_->on("GET", url(experiment), batchai::test::json_response(200, R"({"name":"nope"})"));
  EXPECT_EQ(outcome_of({"-w", "w", "-e", "nope", "--state", "failed"}).exit_code, 0);

  const std::string cluster = workspace_path() + "/clusters/nope";
  const std::string query = "&cluster=" + percent_encode(id(cluster));
  on(all_, query, "");
  transport_->on("GET", url(cluster), not_found("nope"));
  EXPECT_EQ(outcome_of({"-w", "w", "--cluster", "nope"}).exit_code, 3);
  on(all_, query, "");
  transport_->on("GET", url(cluster),
                 batchai::test::json_response(403, R"({"error":{"code":"AuthorizationFailed","message":"no"}})"));
  EXPECT_EQ(outcome_of({"-w", "w", "--cluster", "nope"}).exit_code, 0) << "as jobs of others' clusters may be seen";
}

TEST_F(JobList, EndsAfterTheNewestOnes) {
  on(all_, "&maxresults=100", item("d") + "," + item("c", "f"), "&$skiptoken=2");
  on(all_, "&$skiptoken=2", item("b") + "," + item("a"), "&$skiptoken=4");
  EXPECT_EQ(names({"-A", "--top", "3"}), "d\nc\nb\n");
}

TEST_F(JobList, RefusesWhatMeansNothing) {
  const auto error_of = [&](Words words) {
    words.insert(words.begin(), {"job", "list"});
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 2);
    return outcome.err;
  };
  EXPECT_THAT(error_of({}), HasSubstr("missing: -w/--workspace (or -A/--all for all workspaces"));
  EXPECT_THAT(error_of({"-A", "-e", "e"}), HasSubstr("-A/--all: -e/--experiment cannot be given beside it"));
  EXPECT_THAT(error_of({"--cluster", "c"}), HasSubstr("or give the cluster's full id"));
  EXPECT_THAT(error_of({"-A", "--state", "done"}), HasSubstr("--state: 'done' is not one of queued, running,"));
  EXPECT_THAT(error_of({"-A", "--since", "yesterday"}), HasSubstr("--since: 'yesterday' is no time"));
  EXPECT_THAT(error_of({"-A", "--since", "99999999999d"}), HasSubstr("is no time"));
  EXPECT_THAT(error_of({"-A", "--top", "0"}), HasSubstr("--top: the number of jobs must be above 0"));
  EXPECT_TRUE(transport_->requests().empty());
}

TEST_F(JobList, OfClustersIsOfAllWorkspacesToo) {
  on("/providers/Microsoft.BatchAI/clusters", "", R"({"name":"c"})");
  EXPECT_EQ(run({"cluster", "list", "-A", "--query", "[].name", "-o", "tsv"}).out, "c\n");
  EXPECT_EQ(run({"cluster", "list", "-A", "-w", "w"}).exit_code, 2);
}

}  // namespace
}  // namespace batchai::cli::test
