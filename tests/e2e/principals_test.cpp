// More than one person on a running service.
#include "e2e/service.hpp"

#include <fstream>
#include <iterator>
#include <utility>

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace batchai::test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class PrincipalsOfTheService : public ServiceTest {
 protected:
  void SetUp() override { start_service(); }

  ProcessResult principal(const std::vector<std::string>& arguments) const {
    return run_process(std::vector<std::string>{BATCHAI_SERVER_PROGRAM, "principal"} + arguments +
                           std::vector<std::string>{"--data-dir", data_folder().string()},
                       {});
  }

  json principal_json(const std::vector<std::string>& arguments) const {
    const ProcessResult result = principal(arguments + std::vector<std::string>{"-o", "json"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return json::parse(result.out, nullptr, false);
  }

  /// What that person's own command line has for an environment: a configuration of their own.
  std::map<std::string, std::string> environment_of(const std::string& name) const {
    const json service = endpoints();
    return {{"HOME", (folder_.path() / name).string()},
            {"BATCHAI_CONFIG_DIR", (folder_.path() / name / "config").string()},
            {"AZURE_AUTHORITY_HOST", service.at("managementEndpoint")},
            {"BATCHAI_RESOURCE_MANAGER_ENDPOINT", service.at("managementEndpoint")},
            {"BATCHAI_FILES_ENDPOINT", service.at("filesEndpoint")},
            {"BATCHAI_CA_BUNDLE", service.at("caBundle")}};
  }

  ProcessResult as(const std::string& name, const std::vector<std::string>& arguments,
                   const std::string& input = {}) const {
    return run_process(std::vector<std::string>{BATCHAI_PROGRAM} + arguments, environment_of(name), input);
  }

  ProcessResult login(const json& credential) const {
    return as(
        credential.at("name"),
        {"login", "--service-principal", "-u", credential.at("clientId"), "-t", credential.at("tenantId"), "-p", "-"},
        credential.at("clientSecret").get<std::string>() + "\n");
  }

  json add(const std::string& name, const std::vector<std::string>& options) {
    const json added = principal_json(std::vector<std::string>{"add", "--name", name} + options);
    const ProcessResult signed_in = login(added);
    EXPECT_EQ(signed_in.exit_code, 0) << signed_in.err;
    return added;
  }

  std::string log() const {
    std::ifstream file(data_folder() / "log" / "server.log");
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
};

TEST_F(PrincipalsOfTheService, MayDoWhatTheirRoleAndGroupsSay) {
  batchai_ok({"group", "create", "-n", "private", "-l", "eastus"});
  const json alice = add("alice", {"--role", "contributor", "--group", "team"});
  add("rob", {"--role", "reader"});

  EXPECT_EQ(as("alice", {"group", "create", "-n", "team", "-l", "eastus"}).exit_code, 0);
  EXPECT_EQ(as("alice", {"workspace", "create", "-g", "team", "-n", "ws", "-l", "eastus"}).exit_code, 0);
  EXPECT_EQ(as("alice", {"group", "list", "--query", "[].name", "-o", "tsv"}).out, "team\n");
  const ProcessResult refused = as("alice", {"workspace", "create", "-g", "private", "-n", "ws", "-l", "eastus"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("does not have authorization to perform action "
                                     "'Microsoft.BatchAI/workspaces/write' over scope '/subscriptions/"));
  EXPECT_EQ(as("alice", {"group", "show", "-n", "private"}).exit_code, 1);

  EXPECT_THAT(as("rob", {"group", "list", "--query", "[].name", "-o", "tsv"}).out,
              AllOf(HasSubstr("private"), HasSubstr("team")));
  const ProcessResult keys = as("rob", {"files", "share", "list", "--account-name", endpoints().at("storageAccount")});
  EXPECT_EQ(keys.exit_code, 1);
  EXPECT_THAT(keys.err, HasSubstr("'Microsoft.Storage/storageAccounts/listKeys/action'"));
  EXPECT_EQ(as("rob", {"group", "delete", "-n", "team", "-y"}).exit_code, 1);
  const ProcessResult files =
      as("rob", {"files", "share", "list", "--auth-mode", "login", "--account-name", endpoints().at("storageAccount")});
  EXPECT_NE(files.exit_code, 0);
  EXPECT_THAT(files.err, HasSubstr("not authorized to perform this operation using this permission"));

  EXPECT_THAT(log(), AllOf(HasSubstr("principal=" + alice.at("clientId").get<std::string>() +
                                     " principal_name=alice operation=Microsoft.BatchAI/workspaces/write method=PUT"),
                           HasSubstr("status=403"), Not(HasSubstr(alice.at("clientSecret").get<std::string>()))));
}

TEST_F(PrincipalsOfTheService, OfOneGroupRunScriptsInItWithTheKeyOfTheShare) {
  add("carol", {"--role", "contributor", "--group", "team"});
  const std::vector<std::string> line{"run", "-g", "team", "-c", "mine", "--", "echo", "hello"};
  const ProcessResult refused = as("carol", line);
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("no storage account is named"), HasSubstr("AZURE_STORAGE_KEY"),
                                 Not(HasSubstr("--account-key"))));
  EXPECT_EQ(as("carol", {"group", "show", "-n", "team"}).exit_code, 3) << "nothing was made";

  auto environment = environment_of("carol");
  environment["AZURE_STORAGE_ACCOUNT"] = endpoints().at("storageAccount");
  environment["AZURE_STORAGE_KEY"] = endpoints().at("storageKey");
  const ProcessResult done = run_process(std::vector<std::string>{BATCHAI_PROGRAM} + line, environment);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(done.out, "hello\n");
}

TEST_F(PrincipalsOfTheService, AreListedChangedRenewedAndRemovedWhileItRuns) {
  const json added = add("alice", {"--role", "reader"});
  EXPECT_EQ(as("alice", {"group", "create", "-n", "g", "-l", "eastus"}).exit_code, 1);
  EXPECT_EQ(principal_json({"update", "--name", "alice", "--role", "contributor"}).at("role"), "contributor");
  EXPECT_EQ(as("alice", {"group", "create", "-n", "g", "-l", "eastus"}).exit_code, 0);
  const ProcessResult listed = principal({"list"});
  EXPECT_THAT(listed.out, AllOf(HasSubstr("batchai"), HasSubstr("alice"), HasSubstr("contributor"),
                                Not(HasSubstr(added.at("clientSecret").get<std::string>()))));

  const std::string file = (folder_.path() / "secret.json").string();
  const ProcessResult renewed = principal({"renew", "--name", "alice", "--out", file});
  EXPECT_EQ(renewed.exit_code, 0) << renewed.err;
  EXPECT_THAT(renewed.out, Not(HasSubstr("secret  ")));
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const ProcessResult old = as("alice", {"group", "list"});
  EXPECT_EQ(old.exit_code, 4);
  EXPECT_THAT(old.err, HasSubstr("AADSTS7000215"));
  EXPECT_EQ(login(json::parse(std::ifstream(file))).exit_code, 0);
  EXPECT_EQ(as("alice", {"group", "list"}).exit_code, 0);

  EXPECT_EQ(principal({"remove", "--name", "alice"}).exit_code, 0);
  const ProcessResult gone = as("alice", {"group", "list"});
  EXPECT_EQ(gone.exit_code, 4);
  EXPECT_THAT(gone.err, HasSubstr("AADSTS700016"));
  const ProcessResult again = principal({"remove", "--name", "alice"});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.err, HasSubstr("The specified principal alice is not found"));
}

TEST_F(PrincipalsOfTheService, AreManagedWithoutARunningServiceToo) {
  batchai_ok({"local", "stop"});
  const json added = principal_json({"add", "--name", "alice", "--role", "reader"});
  const std::string before = endpoints().at("clientSecret");
  const json renewed = principal_json({"renew", "--name", "batchai"});
  EXPECT_NE(renewed.at("clientSecret"), before);
  start_service();
  EXPECT_EQ(endpoints().at("clientSecret"), renewed.at("clientSecret"));
  EXPECT_EQ(login(added).exit_code, 0);
  batchai_ok({"group", "list"});
}

TEST_F(PrincipalsOfTheService, TheServicesOwnSecretIsRenewedInItsFile) {
  const std::string before = endpoints().at("clientSecret");
  const json renewed = principal_json({"renew", "--name", "batchai"});
  EXPECT_NE(renewed.at("clientSecret"), before);
  EXPECT_EQ(endpoints().at("clientSecret"), renewed.at("clientSecret"));
  EXPECT_EQ(principal({"list"}).exit_code, 0);
}

TEST_F(PrincipalsOfTheService, BadCommandLinesSaySo) {
  const ProcessResult role = principal({"add", "--name", "a", "--role", "king"});
  EXPECT_EQ(role.exit_code, 2);
  EXPECT_THAT(role.err, HasSubstr("king"));
  EXPECT_EQ(principal({"add", "--name", "a"}).exit_code, 2);
  const ProcessResult group = principal({"add", "--name", "a", "--role", "owner", "--group", "g"});
  EXPECT_EQ(group.exit_code, 1);
  EXPECT_THAT(group.err, HasSubstr("For some groups take contributor"));
  const ProcessResult folder = run_process(
      {BATCHAI_SERVER_PROGRAM, "principal", "list", "--data-dir", (folder_.path() / "nowhere").string()}, {});
  EXPECT_EQ(folder.exit_code, 1);
  EXPECT_THAT(folder.err, HasSubstr("there is no service in"));
}

}  // namespace
}  // namespace batchai::test
