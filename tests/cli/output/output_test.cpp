#include "cli/cli_fixture.hpp"
#include "cli/output/printer.hpp"
#include "cli/output/shape.hpp"
#include "cli/output/text_width.hpp"
#include "cli/output/unknown_members.hpp"

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
        "stdOutErrPathPrefix":"$AZ_BATCHAI_MOUNT_ROOT/afs","futureMember":"kept",
        "experimentName":"kept"}})";
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
TEST_F(Output, ShowsNothingThatAzDoesNotKnow) {
  for (const char* format : {"json", "yaml", "tsv"}) {
    const std::string shown = show_job({"-o", format});
    for (const char* name : {"newMember", "futureMember", "experimentName"}) {
      EXPECT_THAT(shown, ::testing::Not(::testing::HasSubstr(name))) << format;
    }
    EXPECT_THAT(shown, ::testing::Not(::testing::HasSubstr("kept"))) << format;
  }
}

TEST(OutputShape, ShowsThatANameIsEncodedOnlyWhereTheServiceSaysSo) {
  EXPECT_EQ(to_output_shape(json{{"name", "%FF"}, {"encoded", true}}, "File").at("encoded"), true);
  EXPECT_FALSE(to_output_shape(json{{"name", "%FF"}}, "File").contains("encoded"));
}

TEST_F(Output, RawJsonIsTheServicesOwn) {
  const json raw = json::parse(show_job({"--raw"}));
  EXPECT_EQ(raw["properties"]["futureMember"], "kept");
  EXPECT_EQ(raw["newMember"]["x"], 1);
  EXPECT_FALSE(raw.contains("resourceGroup"));
}
TEST_F(Output, YamlCanBeReadBack) { expect_golden("job_show.yaml", show_job({"-o", "yaml"})); }
TEST_F(Output, TableOfJobs) { expect_golden("job_show.table", show_job({"-o", "table"})); }
TEST(Table, HeadingsGiveWayBeforeWhatStandsBelow) {
  const auto items = nlohmann::ordered_json::parse(R"([{"longHeading":"ab","b":"STANDARD_NC6"}])");
  EXPECT_EQ(to_table(items, {.width = 20}), "LongH…  B\n------  ------------\nab      STANDARD_NC6\n");
}

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

TEST(UnknownMembers, AreFoundAtEveryLevelWithWhatMayBeMeant) {
  const std::vector<UnknownMember> found = unknown_members(
      json::parse(R"({"$schema":1,"location":"eastus","nodeCount":1,"properties":{"nodeCont":2,"#":"remark","_why":1,
      "comment":"x","enviromentVariables":[],"zzz":1,"inputDirectories":[{"id":"A","path":"p"},{"ids":"B"}],
      "constraints":{"location":1}}})"),
      "JobCreateParameters");
  std::vector<std::string> lines;
  for (const UnknownMember& member : found) {
    lines.push_back(member.path + " " + member.suggestion);
  }
  EXPECT_THAT(lines, ::testing::ElementsAre("nodeCount properties.nodeCount", "properties.constraints.location ",
                                            "properties.enviromentVariables environmentVariables",
                                            "properties.inputDirectories[1].ids id", "properties.nodeCont nodeCount",
                                            "properties.zzz "));
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

TEST(Table, KeepsTheOrderOfItsItems) {
  using Json = nlohmann::ordered_json;
  EXPECT_EQ(to_table(Json::parse(R"([{"z":1,"a":"x"},{"m":true,"z":2}])"), {}),
            "Z  A  M\n-  -  ----\n1  x\n2     True\n");
  EXPECT_EQ(to_table(Json::parse(R"([["a",1],["b",null]])"), {}),
            "Column1  Column2\n-------  -------\na              1\nb\n");
  EXPECT_EQ(to_table(Json::parse(R"(["a",{"a":1},[1]])"), {}),
            "Result  A  Column1\n------  -  -------\na\n        1\n                 1\n");
}

TEST(Table, KeepsThePlaceOfAColumnThatBeginsWithoutAValue) {
  using Json = nlohmann::ordered_json;
  EXPECT_EQ(to_table(Json::parse(R"([{"name":"a","end":null,"code":1},{"name":"b","end":"now","code":2}])"), {}),
            "Name  End  Code\n----  ---  ----\na             1\nb     now     2\n");
  EXPECT_EQ(to_table(Json::parse(R"([{"a":[1],"b":1},{"a":"x","b":2}])"), {}), "A  B\n-  -\n   1\nx  2\n");
  EXPECT_EQ(to_table(Json::parse(R"([{"a":null,"b":1},{"a":null,"b":2}])"), {}), "B\n-\n1\n2\n");
  EXPECT_EQ(to_table(Json::parse(R"({"id":"/x","b":1,"Id":"y"})"), {}), "Id  B\n--  -\ny   1\n");
}

TEST(Table, ShowsNothingOfNull) {
  EXPECT_EQ(to_table(nullptr, {}), "");
  EXPECT_EQ(to_table(json::parse("[{}]"), {}), "");
}

TEST(Table, EscapesWhatSteersATerminal) {
  EXPECT_EQ(to_table(json::parse(R"({"a":"x\u001b[31m\ny"})"), {}), "A\n-------------\nx\\u001b[31m y\n");
}

TEST(Table, FitsByCuttingTheWidestColumns) {
  const json items = json::parse(R"([{"a":"x","b":"0123456789abcdef","c":"ghijklmnop","n":123456789012}])");
  const std::string whole =
      "A  B                 C                      N\n-  ----------------  ----------  ------------\n"
      "x  0123456789abcdef  ghijklmnop  123456789012\n";
  EXPECT_EQ(to_table(items, {}), whole);
  EXPECT_EQ(to_table(items, {.width = 45}), whole);
  EXPECT_EQ(to_table(items, {.width = 43}),
            "A  B               C                      N\n-  --------------  ----------  ------------\n"
            "x  0123456789abc…  ghijklmnop  123456789012\n");
  // Numbers are never cut, and four columns of text are always left.
  EXPECT_EQ(to_table(items, {.width = 27}),
            "A  B     C                N\n-  ----  ----  ------------\nx  012…  ghi…  123456789012\n");
  EXPECT_EQ(to_table(json::parse(R"([{"b":"ghijklmnop","exitCode":7}])"), {.width = 14}),
            "B         Exi…\n--------  ----\nghijklm…     7\n");
}

TEST(Table, MeasuresWideCharacters) {
  EXPECT_EQ(to_table(json::parse(R"([{"a":"日本","b":"x"},{"a":"e\u0301","b":"y"},{"a":"abcde","b":"z"}])"), {}),
            "A      B\n-----  -\n日本   x\ne\u0301      y\nabcde  z\n");
}

TEST(TextWidth, CountsColumns) {
  EXPECT_EQ(width_of(""), 0U);
  EXPECT_EQ(width_of("abc"), 3U);
  EXPECT_EQ(width_of("äöü"), 3U);
  EXPECT_EQ(width_of("日本語"), 6U);
  EXPECT_EQ(width_of("e\u0301"), 1U);
  EXPECT_EQ(width_of("\xff"), 1U);
}

TEST(TextWidth, IsNeverExceeded) {
  EXPECT_EQ(shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(shortened("abcdef", 5), "abcd…");
  EXPECT_EQ(shortened("日本語", 5), "日本…");
  EXPECT_EQ(shortened("日本語", 4), "日…");
  EXPECT_EQ(shortened("日本語", 1), "…");
  EXPECT_EQ(shortened("abc", 0), "");
}

TEST(Tsv, HasALineForEachItem) {
  using Json = nlohmann::ordered_json;
  EXPECT_EQ(to_tsv(nullptr), "");
  EXPECT_EQ(to_tsv("x"), "x\n");
  EXPECT_EQ(to_tsv(true), "true\n");
  EXPECT_EQ(to_tsv(2.5), "2.5\n");
  EXPECT_EQ(to_tsv(Json::parse(R"(["a",1,null,false])")), "a\n1\nNone\nfalse\n");
  EXPECT_EQ(to_tsv(Json::parse(R"([null])")), "None\n");
  EXPECT_EQ(to_tsv(Json::parse(R"(["a",["b",null],{"d":null,"c":true},null])")), "a\nb\tNone\nNone\tTrue\nNone\n");
  EXPECT_EQ(to_tsv(Json::parse("[]")) + to_tsv(Json::parse("{}")) + to_tsv(Json::parse("[[],{}]")), "\n\n\n");
  EXPECT_EQ(to_tsv(Json::parse(R"([["a",null,[1,2],{"b":1},true]])")), "a\tNone\t2\t\tTrue\n");
  EXPECT_EQ(to_tsv(Json::parse(R"({"z":1,"a":2})")), "1\t2\n");
}

TEST(Yaml, HasColoursOnlyWhenAskedFor) {
  const json value = json::parse(R"({"a":"x","b":[1,null,[]],"c":{}})");
  EXPECT_EQ(to_yaml(value), "a: x\nb:\n- 1\n- null\n- []\nc: {}\n");
  EXPECT_EQ(to_yaml(value, true),
            "\x1b[34ma\x1b[0m: \x1b[32mx\x1b[0m\n\x1b[34mb\x1b[0m:\n- \x1b[33m1\x1b[0m\n- \x1b[90mnull\x1b[0m\n"
            "- []\n\x1b[34mc\x1b[0m: {}\n");
}

TEST_F(Output, ColoursNeedATerminalThatWantsThem) {
  const std::string plain_json = show_job({"-o", "jsonc"});
  const std::string plain_yaml = show_job({"-o", "yamlc"});
  EXPECT_EQ(plain_json, show_job({}));
  EXPECT_EQ(plain_yaml, show_job({"-o", "yaml"}));
  out_terminal_ = true;
  EXPECT_EQ(show_job({"-o", "jsonc"}), plain_json);  // as with NO_COLOR or TERM=dumb
  colour_ = true;
  EXPECT_THAT(show_job({"-o", "jsonc"}), ::testing::HasSubstr("\x1b[32m\"failed\"\x1b[0m"));
  EXPECT_THAT(show_job({"-o", "yamlc"}), ::testing::HasSubstr("executionState\x1b[0m: \x1b[32mfailed\x1b[0m"));
  EXPECT_EQ(show_job({"-o", "jsonc", "--no-color"}), plain_json);
  EXPECT_EQ(show_job({"-o", "yamlc", "--no-color"}), plain_yaml);
  EXPECT_EQ(show_job({"-o", "json"}), plain_json);
}

TEST_F(Output, TablesFitATerminalAndAreWholeElsewhere) {
  const std::string elsewhere = show_job({"-o", "table"});
  width_ = 50;
  EXPECT_EQ(show_job({"-o", "table"}), elsewhere);
  out_terminal_ = true;
  const std::string fitting = show_job({"-o", "table"});
  std::istringstream lines(fitting);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(width_of(line), 50U) << line;
  }
  width_ = 100;
  const std::string whole = show_job({"-o", "table"});
  EXPECT_NE(fitting, whole);
  width_ = 300;
  EXPECT_EQ(show_job({"-o", "table"}), whole);
}

TEST(JsonText, ColoursAreOnlyThereWhenAskedFor) {
  EXPECT_EQ(to_json_text(json::parse(R"({"a":[]})"), false), "{\n  \"a\": []\n}\n");
  EXPECT_THAT(to_json_text(json::parse(R"({"a":[1,"x"]})"), true), ::testing::HasSubstr("\x1b["));
}

}  // namespace
}  // namespace batchai::cli::test
