#include "cli/cli_fixture.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using ::testing::HasSubstr;

class QueryOption : public CliTest {
 protected:
  static std::string job(const std::string& name, const std::string& state, int nodes) {
    return R"({"id":")" + id(workspace_path() + "/experiments/e/jobs/" + name) + R"(","name":")" + name +
           R"(","type":"Microsoft.BatchAI/workspaces/experiments/jobs","properties":{"executionState":")" + state +
           R"(","nodeCount":)" + std::to_string(nodes) + "}}";
  }
  Outcome list(const std::vector<std::string>& more) {
    transport_->on("GET", url(workspace_path() + "/experiments/e/jobs"),
                   json_response(200, R"({"value":[)" + job("a", "succeeded", 1) + "," + job("b", "failed", 2) + "," +
                                          job("c", "running", 4) + "]}"));
    return run(words(more));
  }
  static std::vector<std::string> words(const std::vector<std::string>& more) {
    std::vector<std::string> all{"job", "list", "-g", "g", "-w", "w", "-e", "e"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  std::string out_of(const std::vector<std::string>& more) {
    const Outcome outcome = list(more);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    return outcome.out;
  }
};

TEST_F(QueryOption, SearchesWhatWouldBePrinted) {
  EXPECT_EQ(out_of({"--query", "[].name"}), "[\n  \"a\",\n  \"b\",\n  \"c\"\n]\n");
  EXPECT_EQ(out_of({"--query", "[?executionState=='failed'].nodeCount | [0]"}), "2\n");
  EXPECT_EQ(out_of({"--query", "[0].resourceGroup"}), "\"g\"\n");
  EXPECT_EQ(out_of({"--query", "sum([].nodeCount)"}), "7\n");
  EXPECT_EQ(out_of({"--query", "[?nodeCount>`9`]"}), "[]\n");
}

TEST_F(QueryOption, SearchesTheServicesOwnJsonWithRaw) {
  EXPECT_EQ(out_of({"--raw", "--query", "[0].properties.nodeCount"}), "1\n");
  EXPECT_EQ(out_of({"--raw", "--query", "[0].nodeCount"}), "null\n");
}

TEST_F(QueryOption, NullIsPrintedWhereTheFormatHasIt) {
  EXPECT_EQ(out_of({"--query", "nothing"}), "null\n");
  EXPECT_EQ(out_of({"--query", "nothing", "-o", "jsonc"}), "null\n");
  EXPECT_EQ(out_of({"--query", "nothing", "-o", "yaml"}), "null\n");
  EXPECT_EQ(out_of({"--query", "nothing", "-o", "tsv"}), "");
  EXPECT_EQ(out_of({"--query", "nothing", "-o", "table"}), "");
  EXPECT_EQ(out_of({"--query", "nothing", "-o", "none"}), "");
}

TEST_F(QueryOption, TablesHaveTheColumnsOfTheQuery) {
  EXPECT_EQ(out_of({"--query", "[].{Name: name, State: executionState, Nodes: nodeCount}", "-o", "table"}),
            "Name  State      Nodes\n----  ---------  -----\na     succeeded      1\nb     failed         2\n"
            "c     running        4\n");
  EXPECT_EQ(out_of({"--query", "[?nodeCount>`1`].[name, nodeCount]", "-o", "table"}),
            "Column1  Column2\n-------  -------\nb              2\nc              4\n");
  EXPECT_EQ(out_of({"--query", "[].name", "-o", "table"}), "Result\n------\na\nb\nc\n");
  EXPECT_EQ(out_of({"--query", "[0].{id: id, Id: name}", "-o", "table"}), "Id\n--\na\n");
}

TEST_F(QueryOption, TsvHasTheOrderOfTheQuery) {
  EXPECT_EQ(out_of({"--query", "[].[nodeCount, name]", "-o", "tsv"}), "1\ta\n2\tb\n4\tc\n");
  EXPECT_EQ(out_of({"--query", "[].{n: nodeCount, a: name}", "-o", "tsv"}), "1\ta\n2\tb\n4\tc\n");
  EXPECT_EQ(out_of({"--query", "[0].name", "-o", "tsv"}), "a\n");
  EXPECT_EQ(out_of({"--query", "[].name", "-o", "tsv"}), "a\nb\nc\n");
  EXPECT_EQ(out_of({"--query", "length(@) == `3`", "-o", "tsv"}), "true\n");
}

TEST_F(QueryOption, JsonAndYamlSortMembers) {
  EXPECT_EQ(out_of({"--query", "[0].{n: nodeCount, a: name}"}), "{\n  \"a\": \"a\",\n  \"n\": 1\n}\n");
  EXPECT_EQ(out_of({"--query", "[0].{n: nodeCount, a: name}", "-o", "yaml"}), "a: a\n\"n\": 1\n");
}

TEST_F(QueryOption, SyntaxIsCheckedBeforeAnythingIsSent) {
  expect_error(words({"--query", "jobs[?name=='a'"}), 2,
               "batchai: error: --query: expected ']' but found end of expression\n"
               "    jobs[?name=='a'\n"
               "                   ^");
  expect_error(words({"--query", "[].lenght(@)"}), 2,
               "batchai: error: --query: there is no function 'lenght'\n"
               "    [].lenght(@)\n"
               "       ^");
  expect_error(words({"--query", ""}), 2,
               "batchai: error: --query: expected an expression but found end of expression\n    \n    ^");
  EXPECT_TRUE(transport_->requests().empty());
}

TEST_F(QueryOption, TheCaretStandsUnderWideAndBrokenText) {
  expect_error(words({"--query", "\"日本\" = a"}), 2,
               "batchai: error: --query: unexpected '='; equality is '=='\n"
               "    \"日本\" = a\n"
               "           ^");
  expect_error(words({"--query", "[0].{\n  a: name,\n\tb: !\n}"}), 2,
               "batchai: error: --query: expected an expression but found '}'\n"
               "    }\n"
               "    ^");
  expect_error(words({"--query", "a\t)\nb"}), 2,
               "batchai: error: --query: unexpected ')'\n"
               "    a )\n"
               "      ^");
}

TEST_F(QueryOption, WrongTypesAreKnownOnlyAfterTheAnswer) {
  const Outcome outcome = list({"--query", "[].abs(name)"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "batchai: error: --query: abs() takes a number, not a string\n"
            "    [].abs(name)\n"
            "       ^\n");
}

TEST_F(QueryOption, HasNothingToSayAboutCommandsWithoutAResult) {
  transport_->on("DELETE",
                 url("/resourcegroups/g").replace(url("/resourcegroups/g").find("2018-05-01"), 10, "2021-04-01"),
                 batchai::test::empty_response(200));
  const Outcome outcome = run({"group", "delete", "-n", "g", "-y", "--query", "name"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
}

}  // namespace
}  // namespace batchai::cli::test
