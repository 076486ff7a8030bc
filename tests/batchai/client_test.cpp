#include "batchai/batchai/client.hpp"

#include "support/client_call.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::test {
namespace {

const std::string kWorkspace = std::string(kEndpoint) + "/subscriptions/" + kSubscription +
                               "/resourceGroups/group/providers/Microsoft.BatchAI/workspaces/ws";
const std::string kJob = kWorkspace + "/experiments/e/jobs/j";
const std::string kVersion = "?api-version=2018-05-01";

TEST(Client, AsksForTheFurtherPagesOfAPostedListWithGet) {
  ScriptedClient<Client> scripted;
  const std::string next = kJob + "/listOutputFiles" + kVersion + "&outputdirectoryid=stdouterr&$skiptoken=2";
  scripted.transport->on("POST", kJob + "/listOutputFiles" + kVersion + "&outputdirectoryid=stdouterr",
                         json_response(200, R"({"value": [{"name": "stdout.txt"}], "nextLink": ")" + next + "\"}"));
  scripted.transport->on("GET", next, json_response(200, R"({"value": [{"name": "stderr.txt"}]})"));
  EXPECT_EQ(names_of(scripted.client.jobs().list_output_files("group", "ws", "e", "j", {.directory_id = "stdouterr"})),
            nlohmann::json({"stdout.txt", "stderr.txt"}));
}

TEST(Client, TakesAFinishedAnswerForTheEndOfACreation) {
  ScriptedClient<Client> scripted;
  scripted.transport->on("PUT", kWorkspace + kVersion,
                         json_response(200, R"({"name": "ws", "properties": {"provisioningState": "succeeded"}})"));
  auto operation = scripted.client.workspaces().start_create("group", "ws", {.location = "eastus"});
  EXPECT_TRUE(operation.done());
  EXPECT_EQ(operation.wait().provisioning_state, ProvisioningState::kSucceeded);
}

TEST(Client, SendsNoJobWithoutNodes) {
  ScriptedClient<Client> scripted;
  const auto refusal = [&](const JobCreateParameters& parameters) {
    try {
      static_cast<void>(scripted.client.jobs().start_create("group", "ws", "e", "j", parameters));
    } catch (const InvalidArgument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(refusal({.std_out_err_path_prefix = "$P"}),
            "a job needs at least 1 node, and its node_count is not set; set it");
  EXPECT_EQ(refusal({.node_count = 0, .std_out_err_path_prefix = "$P"}),
            "a job needs at least 1 node, and its node_count is 0; set it");
}

TEST(Client, TellsWhyAnOperationFailed) {
  ScriptedClient<Client> scripted;
  scripted.transport->on("PUT", kJob + kVersion, empty_response(202, {{"Azure-AsyncOperation", kOperationUrl}}));
  scripted.transport->on(
      "GET", kOperationUrl,
      json_response(200, R"({"status": "Failed", "error": {"code": "ClusterNotFound", "message": "No cluster."}})"));
  auto operation =
      scripted.client.jobs().start_create("group", "ws", "e", "j", {.node_count = 1, .std_out_err_path_prefix = "$P"});
  try {
    operation.wait();
    FAIL() << "nothing was thrown";
  } catch (const OperationFailed& error) {
    EXPECT_EQ(error.body().code, "ClusterNotFound");
  }
}

TEST(Client, GoesOnWithAnOperationOfAnotherProcess) {
  std::string token;
  {
    ScriptedClient<Client> first;
    first.transport->on("PUT", kWorkspace + "/clusters/c" + kVersion,
                        empty_response(202, {{"Azure-AsyncOperation", kOperationUrl}}));
    token = first.client.clusters().start_create("group", "ws", "c", {.vm_size = "S"}).resume_token();
  }
  ScriptedClient<Client> second;
  second.transport->on("GET", kOperationUrl, json_response(200, R"({"status": "Succeeded"})"));
  second.transport->on("GET", kWorkspace + "/clusters/c" + kVersion, json_response(200, R"({"name": "c"})"));
  EXPECT_EQ(second.client.resume<Cluster>(token).wait().name, "c");
  EXPECT_THROW(second.client.resume<Cluster>("nonsense"), InvalidArgument);
}

TEST(Client, ResumesAnOperationOnlyAsWhatItWasStartedAs) {
  const auto token = [](const char* method, const std::string& url) {
    return nlohmann::json{{"method", method}, {"resource", url}, {"asyncOperation", kOperationUrl}}.dump();
  };
  ScriptedClient<Client> scripted;
  const Client& client = scripted.client;
  const std::string job = token("PUT", kJob + kVersion);
  EXPECT_NO_THROW(client.resume<Job>(job));
  EXPECT_THROW(client.resume<Cluster>(job), InvalidArgument);
  EXPECT_THROW(client.resume<Experiment>(job), InvalidArgument);
  EXPECT_THROW(client.resume<std::monostate>(job), InvalidArgument);
  EXPECT_NO_THROW(client.resume<std::monostate>(token("DELETE", kJob + kVersion)));
  EXPECT_NO_THROW(client.resume<std::monostate>(token("POST", kJob + "/terminate" + kVersion)));
  EXPECT_THROW(client.resume<Job>(token("DELETE", kJob + kVersion)), InvalidArgument);
  EXPECT_THROW(
      client.resume<Job>(token("PUT", "https://elsewhere.example" + kJob.substr(std::string(kEndpoint).size()))),
      InvalidArgument);
  try {
    client.resume<Workspace>(job);
    FAIL() << "nothing was thrown";
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(
        error.what(),
        "the resume token is of an operation that makes a resource of type "
        "Microsoft.BatchAI/workspaces/experiments/jobs, and it was to be resumed as one that makes a resource of "
        "type Microsoft.BatchAI/workspaces");
  }
}

TEST(Client, NeedsACredential) {
  EXPECT_THROW(Client(nullptr, kSubscription), InvalidArgument);
  EXPECT_THROW(Client(nullptr, kSubscription, {.client = {.transport = std::make_shared<FakeTransport>()}}),
               InvalidArgument);
}

TEST(Client, HasWaitedForAJobOnlyWhereThatIsNew) {
  ScriptedClient<Client> scripted;
  const auto answer = [&](int status, const std::string& etag) {
    HttpResponse response = status == 200 ? json_response(200, R"({"name": "j"})") : empty_response(status);
    response.headers.set("Preference-Applied", "wait=20");
    if (!etag.empty()) {
      response.headers.set("ETag", etag);
    }
    scripted.transport->on("GET", kJob + kVersion, response);
  };
  const auto next = [&](const JobSnapshot& last) {
    return scripted.client.jobs().get_next("group", "ws", "e", "j", last);
  };
  answer(200, "1");
  answer(304, "1");
  answer(200, "2");
  const JobSnapshot first = next({});
  EXPECT_TRUE(first.has_waited);
  EXPECT_TRUE(next(first).has_waited);
  EXPECT_TRUE(next(first).has_waited);
  // A proxy has taken the condition or the ETag off.
  answer(200, "1");
  answer(200, "");
  EXPECT_FALSE(next(first).has_waited);
  EXPECT_FALSE(next(first).has_waited);
}

TEST(Client, RefusesNamesBeforeSending) {
  ScriptedClient<Client> scripted;
  const Client& client = scripted.client;
  EXPECT_THROW(client.workspaces().get("group(1)", "ws"), InvalidArgument);
  EXPECT_THROW(client.workspaces().get("group", "a.b"), InvalidArgument);
  EXPECT_THROW(client.clusters().get("group", "ws", ""), InvalidArgument);
  EXPECT_THROW(client.experiments().create("group", "ws", "a/b"), InvalidArgument);
  EXPECT_THROW(client.jobs().get("group", "ws", "e", std::string(65, 'j')), InvalidArgument);
  EXPECT_THROW(client.file_servers().start_remove("group", "ws", ".."), InvalidArgument);
  EXPECT_THROW(client.usages().list("east/us"), InvalidArgument);
  EXPECT_TRUE(scripted.transport->requests().empty());
}

TEST(Client, RefusesAJobWithoutNodesBeforeSending) {
  ScriptedClient<Client> scripted;
  EXPECT_THROW(scripted.client.jobs().start_create("group", "ws", "e", "j", {.std_out_err_path_prefix = "$P"}),
               InvalidArgument);
}

TEST(Client, RefusesNumbersOutOfRangeBeforeSending) {
  ScriptedClient<Client> scripted;
  const JobsClient jobs = scripted.client.jobs();
  for (const int count : {0, -1, 1001}) {
    EXPECT_THROW(scripted.client.workspaces().list({.page_size = count}), InvalidArgument) << count;
  }
  for (const int minutes : {4, 601}) {
    const ListOutputFilesOptions options{.directory_id = "MODEL", .link_expiry_in_minutes = minutes};
    EXPECT_THROW(jobs.list_output_files("group", "ws", "e", "j", options), InvalidArgument) << minutes;
  }
  EXPECT_THROW(jobs.list_output_files("group", "ws", "e", "j", {}), InvalidArgument);
  EXPECT_TRUE(scripted.transport->requests().empty());
}

TEST(Client, SaysWhichMemberOfAnAnswerIsWrong) {
  ScriptedClient<Client> scripted;
  scripted.transport->on("GET", kJob + kVersion, json_response(200, R"({"properties": {"nodeCount": "two"}})"));
  try {
    scripted.client.jobs().get("group", "ws", "e", "j");
    FAIL() << "nothing was thrown";
  } catch (const ProtocolError& error) {
    EXPECT_STREQ(error.what(), "answer of the service: properties.nodeCount: expected an integer, found a string");
  }
}

}  // namespace
}  // namespace batchai::test
