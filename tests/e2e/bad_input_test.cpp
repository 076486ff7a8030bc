#include "e2e/service.hpp"

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class BadInput : public ServiceTest {
 protected:
  void expect(const std::vector<std::string>& arguments, int exit_code, const std::vector<std::string>& words) {
    const ProcessResult result = batchai(arguments);
    EXPECT_EQ(result.exit_code, exit_code) << result.err;
    EXPECT_TRUE(result.out.empty()) << result.out;
    for (const auto& word : words) {
      EXPECT_THAT(result.err, HasSubstr(word));
    }
  }
};

TEST_F(BadInput, NoConfigurationNamesTwoWaysOut) {
  expect({"group", "list"}, 4, {"batchai local start", "batchai login"});
}

TEST_F(BadInput, AWrongSecretNamesThePrincipalAndNotTheSecret) {
  start_service();
  const auto service = endpoints();
  environment_["AZURE_CLIENT_SECRET"] = "the-wrong-secret";
  environment_["AZURE_CLIENT_ID"] = service.at("clientId");
  environment_["AZURE_TENANT_ID"] = service.at("tenantId");
  const ProcessResult result = batchai({"group", "list"});
  environment_.erase("AZURE_CLIENT_SECRET");
  environment_.erase("AZURE_CLIENT_ID");
  environment_.erase("AZURE_TENANT_ID");
  EXPECT_EQ(result.exit_code, 4) << result.err;
  EXPECT_THAT(result.err, HasSubstr(service.at("clientId").get<std::string>()));
  EXPECT_THAT(result.err, HasSubstr(service.at("tenantId").get<std::string>()));
  EXPECT_THAT(result.err, Not(HasSubstr("the-wrong-secret")));
}

TEST_F(BadInput, ADeadServiceIsNamedTogetherWithTheWayToStartIt) {
  start_service();
  const std::string endpoint = endpoints().at("managementEndpoint");
  batchai_ok({"local", "stop"});
  expect({"group", "list"}, 1, {endpoint.substr(0, endpoint.find_last_not_of('/') + 1), "batchai local start"});
}

TEST_F(BadInput, AMissingJobEndsWithThree) {
  start_service();
  prepare_cluster();
  expect({"job", "show", "-g", "rg", "-w", "ws", "-e", "e", "-n", "nope"}, 3, {"nope"});
}

TEST_F(BadInput, BrokenJsonIsLocated) {
  start_service();
  prepare_cluster();
  const auto file = write_file("job.json", "{\n  \"properties\": {\n    \"nodeCount\": ,\n");
  expect({"job", "create", "-g", "rg", "-w", "ws", "-e", "e", "-n", "j", "-c", "c", "-f", file.string()}, 2,
         {"job.json", "3", "18"});
}

TEST_F(BadInput, AShareNameAgainstTheRulesIsRefusedWithTheRule) {
  start_service();
  expect({"files", "share", "create", "-n", "Not_A_Share"}, 2, {"Not_A_Share", "lower"});
}

}  // namespace
}  // namespace batchai::test
