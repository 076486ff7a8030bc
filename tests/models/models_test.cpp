#include "batchai/core/error.hpp"
#include "batchai/models/cluster.hpp"
#include "batchai/models/error_document.hpp"
#include "batchai/models/job.hpp"
#include "batchai/models/output_file.hpp"
#include "batchai/models/workspace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

template <class Function>
std::string message_of(const Function& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

TEST(Models, PutPropertiesWhereTheWireHasThem) {
  const ClusterCreateParameters parameters{
      .vm_size = "STANDARD_NC6",
      .scale_settings = ScaleSettings{.manual = ManualScaleSettings{.target_node_count = 2}},
      .user_account_settings = {.admin_user_name = "me", .admin_user_password = Secret("pass")}};
  EXPECT_EQ(
      request_body(parameters),
      json::parse(R"({"properties": {"vmSize": "STANDARD_NC6", "scaleSettings": {"manual": {"targetNodeCount": 2}},
                            "userAccountSettings": {"adminUserName": "me", "adminUserPassword": "pass"}}})"));
}

TEST(Models, WriteNothingForAnEmptyCluster) {
  EXPECT_EQ(json(Cluster{}), json::object());
  EXPECT_EQ(json::object().get<Cluster>(), Cluster{});
}

TEST(Models, KeepTheEmptyObjectThatStandsForHiddenCredentials) {
  const auto share = json::parse(R"({"credentials": {"accountKey": "k"}})").get<AzureFileShareReference>();
  EXPECT_EQ(without_secrets(share).at("credentials"), json::object());
}

TEST(Models, TellNoTagsFromEmptyTagsInAnUpdate) {
  EXPECT_EQ(request_body(WorkspaceUpdateParameters{}), json::object());
  EXPECT_EQ(request_body(WorkspaceUpdateParameters{.tags = Tags{}}), json::parse(R"({"tags": {}})"));
  EXPECT_EQ(json::parse(R"({"tags": {}})").get<WorkspaceUpdateParameters>().tags, Tags{});
}

TEST(Models, CompareEnumsInAnyCaseAndKeepUnknownOnes) {
  const auto job = json::parse(R"({"properties": {"executionState": "RUNNING", "toolType": "quantum"}})").get<Job>();
  EXPECT_EQ(job.execution_state, ExecutionState::kRunning);
  EXPECT_EQ(job.execution_state, "running");
  EXPECT_NE(job.execution_state, ExecutionState::kQueued);
  EXPECT_EQ(job.tool_type.value(), "quantum");
  EXPECT_EQ(json(job).at("properties").at("executionState"), "RUNNING");
}

TEST(Models, KnowPyTorchAsATool) {
  EXPECT_EQ(json::parse(R"({"properties": {"toolType": "pytorch"}})").get<Job>().tool_type, ToolType::kPyTorch);
}

TEST(Models, RefuseIntegersOutOfRange) {
  for (const char* number : {"2147483648", "-2147483649", "18446744073709551615", "1.5", "1e300"}) {
    const json document = json::parse(std::string(R"({"properties": {"nodeCount": )") + number + "}}");
    EXPECT_THAT(message_of([&] { document.get<Job>(); }),
                HasSubstr("properties.nodeCount: expected an integer from -2147483648 to 2147483647, found"));
  }
  const json at_limit = {{"properties", {{"nodeCount", 2147483647}}}};
  EXPECT_EQ(at_limit.get<Job>().node_count, 2147483647);
}

TEST(Models, TakeWholeNumbersWrittenWithAFraction) {
  EXPECT_EQ(json::parse(R"({"port": 50000.0})").get<RemoteLoginInformation>().port, 50000);
}

TEST(Models, ReadLargeFileSizes) {
  const auto file = json::parse(R"({"properties": {"contentLength": 9223372036854775807}})").get<File>();
  EXPECT_EQ(file.content_length, 9223372036854775807);
  EXPECT_THROW(json::parse(R"({"properties": {"contentLength": 9223372036854775808}})").get<File>(), ProtocolError);
}

TEST(Models, ReadBothFormsOfDurationsAndWriteIso8601) {
  const auto dotnet = json::parse(R"({"maxWallClockTime": "7.00:00:00"})").get<JobConstraints>();
  EXPECT_EQ(dotnet.max_wall_clock_time, std::chrono::days(7));
  EXPECT_EQ(json(dotnet), json::parse(R"({"maxWallClockTime": "P7D"})"));
}

TEST(Models, SayWhatATimeLooksLike) {
  EXPECT_EQ(message_of([] { json::parse(R"({"properties": {"creationTime": "yesterday"}})").get<Cluster>(); }),
            "properties.creationTime: expected a time such as 2018-06-07T21:16:21.13Z, found \"yesterday\"");
  EXPECT_EQ(message_of([] { json::parse(R"({"maxWallClockTime": "long"})").get<JobConstraints>(); }),
            "maxWallClockTime: expected a duration such as P7D or PT1H30M, found \"long\"");
}

TEST(Models, RefuseNullInAList) {
  EXPECT_EQ(message_of([] { json::parse(R"({"properties": {"inputDirectories": [null]}})").get<Job>(); }),
            "properties.inputDirectories[0]: expected an object, found null");
}

TEST(Models, PassUnknownMembersOfAConfigurationOn) {
  const auto parameters =
      json::parse(R"({"newSwitch": true, "properties": {"newLimit": 3}})").get<JobCreateParameters>();
  const json body = request_body(parameters);
  EXPECT_EQ(body.at("newSwitch"), true);
  EXPECT_EQ(body.at("properties").at("newLimit"), 3);
  EXPECT_FALSE(without_secrets(parameters).contains("newSwitch"));
}

TEST(JsonText, TellsLineAndColumnOfBrokenJsonWithoutQuotingIt) {
  const std::string text = "{\n  \"adminUserPassword\": \"hidden\" oops\n}";
  EXPECT_EQ(message_of([&] { parse_json_text(text, "cluster.json"); }),
            "cluster.json: not valid JSON at line 2, column 33");
  EXPECT_EQ(message_of([] { parse_json_text("{\"a\": [1,", "cluster.json"); }),
            "cluster.json: not valid JSON at line 1, column 10 (the text ends too early)");
  EXPECT_EQ(message_of([] { parse_json_text(" \n", "cluster.json"); }),
            "cluster.json: expected JSON, found no text at all");
}

TEST(JsonText, RefusesNumbersThatAreTooLarge) {
  EXPECT_EQ(message_of([] { parse_json_text("[1e999]", "x"); }), "x: not valid JSON: a number is too large");
}

TEST(JsonText, RefusesDeepNesting) {
  EXPECT_THAT(message_of([] { parse_json_text(std::string(100'000, '['), "x"); }), HasSubstr("levels deep"));
  EXPECT_NO_THROW(parse_json_text(std::string(50, '[') + std::string(50, ']'), "x"));
}

TEST(JsonText, RefusesMoreValuesThanAnyDocumentHas) {
  const auto list_of = [](std::size_t number, const std::string& value) {
    std::string text = "[" + value;
    for (std::size_t i = 1; i < number; ++i) {
      text += "," + value;
    }
    return text + "]";
  };
  for (const char* value : {"[]", "{}", "0", "-1", "1.5", "true", "\"\"", "null"}) {
    EXPECT_THAT(message_of([&] { parse_json_text(list_of(250'000, value), "x"); }),
                HasSubstr("x: the JSON has more than 250000 values"))
        << value;
  }
  EXPECT_EQ(parse_json_text(list_of(249'999, "{}"), "x").size(), 249'999U);
}

TEST(JsonText, PutsTheDocumentsNameBeforeTheMember) {
  EXPECT_EQ(message_of([] { parse_json<Job>(R"({"properties": {"nodeCount": "2"}})", "job.json"); }),
            "job.json: properties.nodeCount: expected an integer, found a string");
  EXPECT_EQ(message_of([] { parse_json<Job>("[]", "job.json"); }), "job.json: expected an object, found a list");
}

TEST(Pages, AreReadWithAndWithoutALink) {
  const auto page = parse_page<Cluster>(R"({"value": [{"name": "a"}, {"name": "b"}], "nextLink": "https://x/"})", "x");
  ASSERT_EQ(page.items.size(), 2U);
  EXPECT_EQ(page.items[1].name, "b");
  EXPECT_EQ(page.next_link, "https://x/");
  EXPECT_EQ(parse_page<Cluster>(R"({"value": [], "nextLink": null})", "x").next_link, "");
  EXPECT_EQ(message_of([] { parse_page<Cluster>(R"({"value": [{}, {"name": 1}]})", "x"); }),
            "x: value[1].name: expected a string, found a number");
}

TEST(Pages, AreWrittenWithoutSecretsAndEmptyLinks) {
  Page<UserAccountSettings> page{.items = {{.admin_user_name = "me", .admin_user_password = Secret("pass")}}};
  EXPECT_EQ(page_to_json(page), json::parse(R"({"value": [{"adminUserName": "me"}]})"));
  page.next_link = "https://x/";
  EXPECT_EQ(page_to_json(page).at("nextLink"), "https://x/");
  EXPECT_EQ(page_to_json(Page<Cluster>{}), json::parse(R"({"value": []})"));
}

TEST(ErrorDocument, NestsDetailsAndLeavesEmptyMembersOut) {
  const ErrorBody body{.code = "BadRequest",
                       .message = "no",
                       .target = "properties.vmSize",
                       .details = {{.code = "Inner", .message = "why", .target = ""}}};
  EXPECT_EQ(error_document(body),
            json::parse(R"({"error": {"code": "BadRequest", "message": "no", "target": "properties.vmSize",
                            "details": [{"code": "Inner", "message": "why"}]}})"));
}

}  // namespace
}  // namespace batchai::test
