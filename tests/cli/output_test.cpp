#include "cli/cli_fixture.hpp"
#include "cli/output/printer.hpp"
#include "cli/output/shape.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using nlohmann::json;

class Output : public CliTest {
 protected:
  static std::string job() {
    return R"({"id":")" + id(workspace_path() + "/experiments/e/jobs/j") + R"(","name":"j",
      "type":"Microsoft.BatchAI/workspaces/experiments/jobs","newMember":{"x":1},
      "properties":{"cluster":{"id":")" +
           id(workspace_path() + "/clusters/c") + R"("},"nodeCount":2,
        "toolType":"cntk","executionState":"failed","provisioningState":"succeeded","schedulingPriority":"normal",
        "creationTime":"2018-06-21T17:15:18.288Z","constraints":{"maxWallClockTime":"P7D"},
        "executionInfo":{"startTime":"2018-06-21T17:15:18Z","exitCode":7,
          "errors":[{"code":"JobFailed","message":"It failed."}]},
        "outputDirectories":[{"id":"MODEL","pathPrefix":"$AZ_BATCHAI_MOUNT_ROOT/afs"}],
        "stdOutErrPathPrefix":"$AZ_BATCHAI_MOUNT_ROOT/afs","futureMember":"kept"}})";
  }
  static std::string cluster() {
    return R"({"id":")" + id(workspace_path() + "/clusters/c") + R"(","name":"c","properties":{
      "vmSize":"STANDARD_NC6","vmPriority":"dedicated","allocationState":"steady","provisioningState":"succeeded",
      "scaleSettings":{"manual":{"targetNodeCount":1,"nodeDeallocationOption":"requeue"}},"currentNodeCount":1,
      "userAccountSettings":{"adminUserName":"demo"},
      "nodeStateCounts":{"idleNodeCount":1,"runningNodeCount":0,"preparingNodeCount":0,"unusableNodeCount":0,
      "leavingNodeCount":0}}})";
  }
  std::string show_job(const std::vector<std::string>& more) {
    transport_->on("GET", url(workspace_path() + "/experiments/e/jobs/j"), json_response(200, job()));
    std::vector<std::string> words{"job", "show", "-g", "g", "-w", "w", "-e", "e", "-n", "j"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out;
  }
};

TEST_F(Output, JsonHasTheShapeOfAz) { expect_golden("job_show.json", show_job({})); }
TEST_F(Output, RawJsonIsTheServicesOwn) {
  const json raw = json::parse(show_job({"--raw"}));
  EXPECT_EQ(raw["properties"]["futureMember"], "kept");
  EXPECT_EQ(raw["newMember"]["x"], 1);
  EXPECT_FALSE(raw.contains("resourceGroup"));
}
TEST_F(Output, YamlCanBeReadBack) { expect_golden("job_show.yaml", show_job({"-o", "yaml"})); }
TEST_F(Output, TableOfJobs) { expect_golden("job_show.table", show_job({"-o", "table"})); }
TEST_F(Output, TsvHasOneLinePerItem) { expect_golden("job_show.tsv", show_job({"-o", "tsv"})); }
TEST_F(Output, NoneIsSilent) { EXPECT_EQ(show_job({"-o", "none"}), ""); }

TEST_F(Output, TableOfClusters) {
  transport_->on("GET", url(workspace_path() + "/clusters"), json_response(200, R"({"value":[)" + cluster() + "]}"));
  expect_golden("cluster_list.table", run({"cluster", "list", "-g", "g", "-w", "w", "-o", "table"}).out);
}

TEST_F(Output, JsonOfClustersNeverHoldsThePassword) {
  transport_->on("GET", url(workspace_path() + "/clusters/c"), json_response(200, cluster()));
  const json shown = json::parse(run({"cluster", "show", "-g", "g", "-w", "w", "-n", "c"}).out);
  EXPECT_TRUE(shown["userAccountSettings"]["adminUserPassword"].is_null());
  EXPECT_EQ(shown["resourceGroup"], "g");
  EXPECT_TRUE(shown["nodeSetup"].is_null());
}

TEST(Shape, WritesDatesAndDurationsAsPythonDoes) {
  EXPECT_EQ(to_output_date("2018-06-21T17:15:18.288Z"), "2018-06-21T17:15:18.288000+00:00");
  EXPECT_EQ(to_output_date("2018-06-21T17:15:18Z"), "2018-06-21T17:15:18+00:00");
  EXPECT_EQ(to_output_date("soon"), "soon");
  EXPECT_EQ(to_output_duration("P7D"), "7 days, 0:00:00");
  EXPECT_EQ(to_output_duration("P1DT1H2M3S"), "1 day, 1:02:03");
  EXPECT_EQ(to_output_duration("PT90M"), "1:30:00");
}

TEST(Shape, RenamesAcronymsAndAddsGroupsBesideIds) {
  const json shaped = to_output_shape(json::parse(R"({"id":"/subscriptions/s/resourceGroups/G/providers/x/y/z",
                      "properties":{"dataDisks":{"diskSizeInGB":5},"subnet":{"id":"/subscriptions/s/resourceGroups/N/a"},
                                    "mountSettings":{"fileServerPublicIP":"1.2.3.4"}}})"),
                                      "FileServer");
  EXPECT_EQ(shaped["resourceGroup"], "G");
  EXPECT_EQ(shaped["dataDisks"]["diskSizeInGb"], 5);
  EXPECT_EQ(shaped["subnet"]["resourceGroup"], "N");
  EXPECT_EQ(shaped["mountSettings"]["fileServerPublicIp"], "1.2.3.4");
  EXPECT_TRUE(shaped["mountSettings"]["fileServerInternalIp"].is_null());
}

TEST(Shape, GivesNoGroupInsideSourceVault) {
  const json shaped = to_output_shape(json::parse(R"({"properties":{"secrets":[{"name":"n","valueSecretReference":
      {"secretUrl":"u","sourceVault":{"id":"/subscriptions/s/resourceGroups/V/x"}}}]}})"),
                                      "Job");
  EXPECT_EQ(shaped["secrets"][0]["valueSecretReference"]["sourceVault"],
            json::parse(R"({"id":"/subscriptions/s/resourceGroups/V/x"})"));
}

TEST(Shape, DropsUnknownMembersOfConfigFilesAtEveryLevel) {
  EXPECT_EQ(drop_unknown_members(json::parse(R"({"$schema":1,"properties":{"nodeCount":2,"#":"remark",
      "inputDirectories":[{"id":"A","path":"p","why":1}],"constraints":{"maxWallClockTime":"P1D","x":1}}})"),
                                 "JobCreateParameters"),
            json::parse(R"({"properties":{"nodeCount":2,"inputDirectories":[{"id":"A","path":"p"}],
                            "constraints":{"maxWallClockTime":"P1D"}}})"));
}

TEST(Yaml, QuotesWhatWouldReadAsSomethingElse) {
  EXPECT_EQ(
      to_yaml(json::parse(R"({"a":"yes","b":"1.5","c":"plain text","d":null,"e":[],"f":"x: y","g":"","h":"l\nm"})")),
      "a: \"yes\"\nb: \"1.5\"\nc: plain text\nd: null\ne: []\nf: \"x: y\"\ng: \"\"\nh: \"l\\nm\"\n");
  EXPECT_EQ(to_yaml(json::parse(R"([{"a":[1,[2]],"b":{"c":true}}])")), "- a:\n  - 1\n  - - 2\n  b:\n    c: true\n");
}

TEST(Table, ShowsScalarMembersWithoutADescription) {
  EXPECT_EQ(to_table(json::parse(R"([{"name":"ä","size":1,"id":"x"},{"name":"long","size":20,"more":{"a":1}}])"), {}),
            "Name  Size\n----  ----\nä        1\nlong    20\n");
  EXPECT_EQ(to_table(json::array(), {}), "");
  EXPECT_EQ(to_table(json(true), {}), "Result\n------\nTrue\n");
}

TEST(JsonText, ColoursAreOnlyThereWhenAskedFor) {
  EXPECT_EQ(to_json_text(json::parse(R"({"a":[]})"), false), "{\n  \"a\": []\n}\n");
  EXPECT_THAT(to_json_text(json::parse(R"({"a":[1,"x"]})"), true), ::testing::HasSubstr("\x1b["));
}

}  // namespace
}  // namespace batchai::cli::test
