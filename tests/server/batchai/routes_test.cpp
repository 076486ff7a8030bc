#include "server/batchai/batchai_api.hpp"
#include "server/faults/fault.hpp"
#include "server/http/awaited_changes.hpp"
#include "support/service_fixture.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

constexpr const char* kWorkspace = "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.BatchAI/workspaces/ws";

class RoutesTest : public ::testing::Test, protected ServiceFixture {
 protected:
  RoutesTest() { router_.add(all_routes()); }

  std::vector<Route> all_routes() {
    return batchai_routes({store, workspaces, experiments, clusters, file_servers, jobs, output_files_, usages_,
                           [this](const std::string& key) { return changes_.next(key); }});
  }

  Response send(const std::string& method, const std::string& path, const json& body = nullptr,
                std::vector<std::pair<std::string, std::string>> parameters = {}, const Headers& headers = {}) {
    Request request;
    request.method = method;
    request.path = path;
    request.headers = headers;
    request.may_wait = may_wait_;
    request.headers.set("Host", "127.0.0.1:10010");
    request.parameters = std::move(parameters);
    request.parameters.insert(request.parameters.begin(), {"api-version", "2018-05-01"});
    request.body = body.is_null() ? "" : body.dump();
    const auto match = router_.find(method, path);
    EXPECT_EQ(match.kind, RouteMatch::Kind::Found) << method << " " << path;
    return (*match.handler)(request, match.parameters);
  }

  std::string path_of(const std::string& url) {
    const std::string base = "http://127.0.0.1:10010";
    EXPECT_THAT(url, StartsWith(base));
    return url.substr(base.size(), url.find('?') - base.size());
  }

  AwaitedChanges changes_{1};
  bool may_wait_ = false;
  OutputFiles output_files_{store, clock, "/nonexistent", Url::parse("http://127.0.0.1:10011")};
  Usages usages_{context};
  Router router_;
};

TEST_F(RoutesTest, CreateAWorkspaceAtOnce) {
  const auto response = send("PUT", std::string(kWorkspace) + "2", {{"location", "East US"}, {"tags", {{"a", "b"}}}});
  EXPECT_EQ(response.status, 200);
  const auto body = json::parse(response.body);
  EXPECT_EQ(body["id"], std::string(kWorkspace) + "2");
  EXPECT_EQ(body["location"], "eastus");
  EXPECT_EQ(body["tags"]["a"], "b");
  EXPECT_EQ(body["properties"]["provisioningState"], "succeeded");
  EXPECT_THAT(response.headers.get("ETag"), MatchesRegex("W/\"0x[0-9A-F]+\""));
  EXPECT_THAT(response.headers.get("Last-Modified"), EndsWith("GMT"));
}

// Status and, for a refusal, code.
struct Conditional {
  int status = 0;
  std::string code;
  friend bool operator==(const Conditional&, const Conditional&) = default;
};

TEST_F(RoutesTest, ChangeOnlyWhatTheClientHasSeen) {
  const std::string path = std::string(kWorkspace) + "/clusters/c";
  const auto with = [&](const std::string& method, const json& body, const Headers& headers) -> Conditional {
    try {
      return {send(method, path, body, {}, headers).status, ""};
    } catch (const ServiceFault& fault) {
      return {fault.status(), fault.code()};
    }
  };
  const Conditional failed{412, "PreconditionFailed"};
  const json patch = {{"properties", {{"scaleSettings", manual(2)}}}};
  EXPECT_EQ(with("PUT", cluster_body(manual(0)), {{"If-Match", "*"}}), failed) << "there is none yet";
  EXPECT_EQ(with("PUT", cluster_body(manual(0)), {{"If-None-Match", "*"}}), (Conditional{202, ""}));
  EXPECT_EQ(with("PUT", cluster_body(manual(0)), {{"If-None-Match", "*"}}), failed);
  settle();
  const std::string seen = send("GET", path).headers.get("ETag");
  EXPECT_EQ(with("PATCH", patch, {{"If-Match", "\"0x1\", " + seen}}), (Conditional{200, ""}));
  EXPECT_EQ(with("PATCH", patch, {{"If-Match", seen}}), failed) << "it was changed meanwhile";
  EXPECT_EQ(with("DELETE", nullptr, {{"If-Match", seen}}), failed);
  EXPECT_EQ(cluster("c")["provisioningState"], "succeeded");
  EXPECT_EQ(with("DELETE", nullptr, {{"If-Match", send("GET", path).headers.get("ETag")}}), (Conditional{202, ""}));
  settle();
  EXPECT_EQ(with("DELETE", nullptr, {{"If-Match", seen}}), (Conditional{204, ""}));
}

TEST_F(RoutesTest, HoldEveryKindOfResourceToItsPrecondition) {
  create_cluster("c", manual(0));
  create_job("j", job_body());
  create_file_server("f");
  const Headers stale = {{"If-Match", "\"0x1\""}};
  for (const std::string place : {"", "/clusters/c", "/fileServers/f", "/experiments/exp", "/experiments/exp/jobs/j"}) {
    EXPECT_THROW(send("DELETE", kWorkspace + place, nullptr, {}, stale), ServiceFault) << place;
    EXPECT_EQ(send("GET", kWorkspace + place).status, 200) << place;
  }
  EXPECT_THROW(send("PATCH", kWorkspace, {{"tags", {{"a", "b"}}}}, {}, stale), ServiceFault);
}

// The names of an object's members as sent.
std::string sent_names(const nlohmann::ordered_json& object) {
  std::string names;
  for (const auto& member : object.items()) {
    names += (names.empty() ? "" : " ") + member.key();
  }
  return names;
}

TEST_F(RoutesTest, SendWhatAJobWaitsForBehindItsState) {
  create_cluster("c", manual(0));
  const std::string path = std::string(kWorkspace) + "/experiments/exp/jobs/j";
  send("PUT", path, job_body());
  const auto job = nlohmann::ordered_json::parse(send("GET", path).body);
  EXPECT_THAT(sent_names(job["properties"]),
              EndsWith("executionState waitingReason executionStateTransitionTime experimentName"));
  EXPECT_EQ(sent_names(job["properties"]["waitingReason"]), "code message details");
}

TEST_F(RoutesTest, SendMembersInTheOrderOfTheDescription) {
  create_cluster("c", manual(1));
  const std::string workspace = kWorkspace;
  send("PUT", workspace + "/experiments/exp/jobs/j", job_body());
  settle();
  const auto body = [&](const std::string& method, const std::string& path) {
    return nlohmann::ordered_json::parse(send(method, path).body);
  };
  EXPECT_EQ(sent_names(body("GET", workspace)), "id name type location properties");
  EXPECT_EQ(sent_names(body("GET", workspace + "/experiments/exp")), "id name type properties");
  const auto cluster = body("GET", workspace + "/clusters/c");
  EXPECT_EQ(
      sent_names(cluster["properties"]),
      "vmSize vmPriority scaleSettings virtualMachineConfiguration userAccountSettings creationTime provisioningState "
      "provisioningStateTransitionTime allocationState allocationStateTransitionTime currentNodeCount "
      "nodeStateCounts");
  EXPECT_EQ(body("GET", workspace + "/clusters")["value"][0].dump(), cluster.dump());
  const auto job = body("GET", workspace + "/experiments/exp/jobs/j");
  EXPECT_EQ(sent_names(job["properties"]),
            "schedulingPriority cluster nodeCount toolType customToolkitSettings jobOutputDirectoryPathSegment "
            "stdOutErrPathPrefix secrets constraints creationTime provisioningState provisioningStateTransitionTime "
            "executionState executionStateTransitionTime executionInfo experimentName");
  EXPECT_EQ(body("GET", workspace + "/experiments/exp/jobs")["value"][0].dump(), job.dump());
  EXPECT_EQ(sent_names(body("POST", workspace + "/clusters/c/listRemoteLoginInformation")["value"][0]),
            "nodeId ipAddress port job nodeState");
  const auto removal = send("DELETE", workspace + "/clusters/c");
  EXPECT_EQ(sent_names(body("GET", path_of(removal.headers.get("Azure-AsyncOperation")))), "id name status startTime");
}

TEST_F(RoutesTest, TellStateAndJobOfEachNode) {
  create_cluster("c", manual(2));
  settle();
  create_job("j", job_body());
  settle();
  const std::string cluster = std::string(kWorkspace) + "/clusters/c";
  const json nodes = json::parse(send("POST", cluster + "/listRemoteLoginInformation").body).at("value");
  ASSERT_EQ(nodes.size(), 2U);
  const json& busy = nodes[0].contains("job") ? nodes[0] : nodes[1];
  const json& idle = nodes[0].contains("job") ? nodes[1] : nodes[0];
  EXPECT_EQ(busy["nodeState"], "running");
  EXPECT_EQ(busy["job"]["id"], std::string(kWorkspace) + "/experiments/exp/jobs/j");
  EXPECT_EQ(idle["nodeState"], "idle");
  EXPECT_FALSE(idle.contains("job"));
}

TEST_F(RoutesTest, FollowACreateToItsEnd) {
  const auto accepted = send("PUT", std::string(kWorkspace) + "/clusters/c", cluster_body(manual(1)));
  EXPECT_EQ(accepted.status, 202);
  EXPECT_TRUE(accepted.body.empty());
  EXPECT_EQ(accepted.headers.get("Retry-After"), "1");
  const auto status = path_of(accepted.headers.get("Azure-AsyncOperation"));
  const auto result = path_of(accepted.headers.get("Location"));
  EXPECT_THAT(status, MatchesRegex("/subscriptions/sub/providers/Microsoft.BatchAI/locations/eastus/"
                                   "operationresults/[0-9a-f-]{36}"));
  EXPECT_THAT(result, MatchesRegex(".*/operationstatuses/[0-9a-f-]{36}"));
  const auto in_progress = send("GET", status);
  EXPECT_EQ(json::parse(in_progress.body)["status"], "InProgress");
  EXPECT_EQ(in_progress.headers.get("Retry-After"), "1") << "else az waits for half a minute";
  const auto running = send("GET", result);
  EXPECT_EQ(running.status, 202);
  EXPECT_EQ(path_of(running.headers.get("Location")), result);
  settle();
  EXPECT_FALSE(send("GET", status).headers.contains("Retry-After"));
  const auto done = json::parse(send("GET", status).body);
  EXPECT_EQ(done["status"], "Succeeded");
  EXPECT_EQ(done["id"], "http://127.0.0.1:10010" + status);
  EXPECT_EQ(done["properties"]["resourceId"], "sub$rg$ws$c");
  EXPECT_EQ(send("GET", result).status, 200);
}

TEST_F(RoutesTest, DeleteWith202AndThen204) {
  create_cluster("c", manual(0));
  EXPECT_EQ(send("DELETE", std::string(kWorkspace) + "/clusters/c").status, 202);
  EXPECT_EQ(send("DELETE", std::string(kWorkspace) + "/clusters/c").status, 204);
}

TEST_F(RoutesTest, LinkToTheNextPageWithAllParameters) {
  for (const char* name : {"a", "b", "c"}) {
    create_cluster(name, manual(0));
  }
  const std::string path = std::string(kWorkspace) + "/clusters";
  const auto first = json::parse(send("GET", path, nullptr, {{"maxresults", "2"}}).body);
  EXPECT_EQ(first["value"].size(), 2U);
  const auto link = first["nextLink"].get<std::string>();
  EXPECT_THAT(link, MatchesRegex("http://127.0.0.1:10010" + path +
                                 "\\?api-version=2018-05-01&maxresults=2&\\$skiptoken=[0-9]+"));
  const auto second = json::parse(
      send("GET", path, nullptr, {{"maxresults", "2"}, {"$skiptoken", link.substr(link.rfind('=') + 1)}}).body);
  EXPECT_EQ(second["value"].size(), 1U);
  EXPECT_FALSE(second.contains("nextLink"));
}

class WideLists : public RoutesTest {
 protected:
  WideLists() {
    create_cluster("c", manual(1));
    create_cluster("d", manual(0));
    workspaces.create({"sub", "rg", "other"}, {.location = "eastus"});
    experiments.create({{"sub", "rg", "other"}, "exp"});
    create_job("first", job_body(1, "normal", "d"));
    clock.advance(std::chrono::hours(1));
    create_job("second", job_body());
    jobs.create({{{"sub", "rg", "other"}, "exp"}, "third"}, read_body<JobCreateParameters>(job_body().dump()));
    settle();
  }

  json list(const std::string& path, std::vector<std::pair<std::string, std::string>> parameters = {}) {
    return json::parse(send("GET", path, nullptr, std::move(parameters)).body);
  }

  std::vector<std::string> names(const std::string& path,
                                 std::vector<std::pair<std::string, std::string>> parameters = {}) {
    std::vector<std::string> found;
    const json page = list(path, std::move(parameters));
    for (const json& item : page.at("value")) {
      found.push_back(item.at("name"));
    }
    return found;
  }

  static constexpr const char* kJobs = "/subscriptions/sub/providers/Microsoft.BatchAI/jobs";
};

TEST_F(WideLists, HaveTheJobsUnderTheSubscriptionAndUnderAWorkspace) {
  EXPECT_THAT(names(kJobs), ElementsAre("third", "second", "first"));
  EXPECT_THAT(names(std::string(kWorkspace) + "/jobs"), ElementsAre("second", "first"));
  EXPECT_EQ(list(kJobs)["value"][1].dump(),
            json::parse(send("GET", std::string(kWorkspace) + "/experiments/exp/jobs/second").body).dump());
  EXPECT_THAT(names("/subscriptions/sub/providers/Microsoft.BatchAI/clusters"), ElementsAre("c", "d"));
}

TEST_F(WideLists, HaveTheJobsThatTheClientWants) {
  EXPECT_THAT(names(kJobs, {{"executionState", "running"}}), ElementsAre("second"));
  EXPECT_THAT(names(kJobs, {{"executionState", "Queued,running,queued"}}), ElementsAre("third", "second", "first"));
  EXPECT_THAT(names(kJobs, {{"cluster", std::string(kWorkspace) + "/clusters/D"}}), ElementsAre("first"));
  EXPECT_THAT(names(kJobs, {{"createdSince", format_iso8601(clock.now())}}), ElementsAre("third", "second"));
  EXPECT_THAT(names(kJobs, {{"createdSince", "2099-01-01T00:00:00Z"}}), ElementsAre());
}

TEST_F(WideLists, HaveTheJobsThatHaveEndedSince) {
  clock.advance(std::chrono::days(20));
  end_job("second", 1);
  settle();
  const std::string now = format_iso8601(clock.now());
  EXPECT_THAT(names(kJobs, {{"endedSince", now}, {"executionState", "failed"}}), ElementsAre("second"));
  EXPECT_THAT(names(kJobs, {{"endedSince", now}}), ElementsAre("second"));
  EXPECT_THAT(names(kJobs, {{"endedSince", now}, {"createdSince", now}}), ElementsAre());
  clock.advance(std::chrono::hours(1));
  EXPECT_THAT(names(kJobs, {{"endedSince", format_iso8601(clock.now())}}), ElementsAre());
}

TEST_F(WideLists, ComeInPages) {
  const json first = list(kJobs, {{"maxresults", "2"}, {"executionState", "queued,running"}});
  EXPECT_EQ(first["value"].size(), 2U);
  const auto link = first["nextLink"].get<std::string>();
  EXPECT_THAT(link, MatchesRegex(".*/jobs\\?api-version=2018-05-01&maxresults=2&executionState=queued%2Crunning&"
                                 "\\$skiptoken=[0-9]+"));
  const json second = list(kJobs, {{"maxresults", "2"}, {"$skiptoken", link.substr(link.rfind('=') + 1)}});
  EXPECT_EQ(second["value"][0]["name"], "first");
  EXPECT_FALSE(second.contains("nextLink"));
}

TEST_F(WideLists, RefuseFiltersThatMeanNothing) {
  for (const auto& [name, value] :
       {std::pair("executionState", "done"), std::pair("executionState", "queued,,"), std::pair("cluster", "c"),
        std::pair("cluster", kWorkspace), std::pair("createdSince", "yesterday"), std::pair("endedSince", "1")}) {
    try {
      list(kJobs, {{name, value}});
      ADD_FAILURE() << name << "=" << value << " is taken";
    } catch (const ServiceFault& fault) {
      EXPECT_EQ(fault.status(), 400);
      EXPECT_EQ(fault.target(), name);
    }
  }
}

TEST_F(RoutesTest, TakeAFileServerThroughItsLife) {
  const std::string list = std::string(kWorkspace) + "/fileServers";
  const auto accepted = send("PUT", list + "/f", file_server_body());
  EXPECT_EQ(accepted.status, 202);
  EXPECT_TRUE(accepted.body.empty());
  const auto status = path_of(accepted.headers.get("Azure-AsyncOperation"));
  const auto in_progress = send("GET", status);
  EXPECT_EQ(json::parse(in_progress.body)["status"], "InProgress");
  EXPECT_EQ(in_progress.headers.get("Retry-After"), "1") << "else az waits for half a minute";
  settle();
  EXPECT_EQ(json::parse(send("GET", status).body)["properties"]["resourceId"], "sub$rg$ws$f");
  const auto shown = send("GET", list + "/f");
  EXPECT_TRUE(shown.headers.contains("ETag"));
  EXPECT_EQ(json::parse(shown.body)["properties"]["provisioningState"], "succeeded");
  EXPECT_EQ(shown.body.find("hush-hush"), std::string::npos);
  EXPECT_EQ(send("PUT", list + "/f", file_server_body()).status, 200);
  send("PUT", list + "/g", file_server_body());
  const auto page = json::parse(send("GET", list, nullptr, {{"maxresults", "1"}}).body);
  EXPECT_EQ(page["value"][0]["name"], "f");
  EXPECT_TRUE(page.contains("nextLink"));
  EXPECT_EQ(send("DELETE", list + "/f").status, 202);
  settle();
  EXPECT_EQ(send("DELETE", list + "/f").status, 204);
  EXPECT_THROW(send("GET", list + "/f"), ServiceFault);
}

/// A path that fits the pattern, in a group that does not exist.
std::string path_in_no_group(std::string pattern) {
  const auto replace = [&](const std::string& parameter, const char* value) {
    if (const auto found = pattern.find(parameter); found != std::string::npos) {
      pattern.replace(found, parameter.size(), value);
    }
  };
  replace("{subscription}", "sub");
  replace("{group}", "none");
  for (const char* name : {"{workspace}", "{experiment}", "{cluster}", "{job}", "{fileServer}"}) {
    replace(name, "x");
  }
  return pattern;
}

// Nobody has looked for the group before these methods come here.
TEST_F(RoutesTest, RefuseReadsAndDeletesInAMissingGroup) {
  int routes = 0;
  for (const Route& route : all_routes()) {
    if (route.pattern.find("{group}") == std::string::npos || (route.method != "GET" && route.method != "DELETE")) {
      continue;
    }
    ++routes;
    try {
      send(route.method, path_in_no_group(route.pattern), nullptr, {{"outputdirectoryid", "stdouterr"}});
      ADD_FAILURE() << route.method << " " << route.pattern << " is answered";
    } catch (const ServiceFault& fault) {
      EXPECT_EQ(fault.code(), "ResourceGroupNotFound") << route.method << " " << route.pattern;
      EXPECT_EQ(fault.status(), 404);
    }
  }
  EXPECT_GE(routes, 18);
}

TEST_F(RoutesTest, TellUsagesWithZeros) {
  const auto answer =
      json::parse(send("GET", "/subscriptions/sub/providers/Microsoft.BatchAI/locations/eastus/usages").body);
  EXPECT_EQ(answer["value"][0], json({{"name", {{"value", "Clusters"}, {"localizedValue", "Clusters"}}},
                                      {"unit", "Count"},
                                      {"currentValue", 0},
                                      {"limit", 200}}));
  EXPECT_FALSE(answer.contains("nextLink"));
}

TEST_F(RoutesTest, ListTheOperationsOfTheProvider) {
  const auto answer = json::parse(send("GET", "/providers/Microsoft.BatchAI/operations").body);
  std::set<std::string> names;
  for (const auto& operation : answer["value"]) {
    EXPECT_TRUE(names.insert(operation["name"]).second) << operation["name"];
    EXPECT_THAT(operation["name"], MatchesRegex("Microsoft.BatchAI/[A-Za-z/]+/(read|write|delete|action)"));
    EXPECT_EQ(operation["display"]["provider"], "Microsoft Batch AI");
    EXPECT_NE(operation["display"]["description"], "");
  }
  EXPECT_TRUE(names.contains("Microsoft.BatchAI/workspaces/experiments/jobs/terminate/action"));
  EXPECT_TRUE(names.contains("Microsoft.BatchAI/workspaces/fileServers/delete"));
}

TEST_F(RoutesTest, RefuseBadQueries) {
  const std::string path = std::string(kWorkspace) + "/clusters";
  const auto code_of = [&](std::vector<std::pair<std::string, std::string>> parameters) {
    try {
      send("GET", path, nullptr, std::move(parameters));
    } catch (const ServiceFault& fault) {
      return fault.code() + " " + fault.target();
    }
    return std::string("accepted");
  };
  EXPECT_EQ(code_of({{"maxresults", "0"}}), "BadRequest maxresults");
  EXPECT_EQ(code_of({{"maxresults", "1001"}}), "BadRequest maxresults");
  EXPECT_EQ(code_of({{"maxresults", "1x"}}), "BadRequest maxresults");
  EXPECT_EQ(code_of({{"$skiptoken", "x"}}), "BadRequest $skiptoken");
}

TEST_F(RoutesTest, TellWhereABodyIsWrong) {
  try {
    send("PUT", std::string(kWorkspace) + "/clusters/c", {{"properties", {{"vmSize", 6}}}});
    FAIL() << "accepted";
  } catch (const ServiceFault& fault) {
    EXPECT_EQ(fault.status(), 400);
    EXPECT_EQ(fault.code(), "InvalidRequestContent");
    EXPECT_EQ(fault.target(), "properties.vmSize");
  }
}

TEST_F(RoutesTest, RunAJobFromPutToDelete) {
  const std::string path = std::string(kWorkspace) + "/experiments/exp/jobs/j";
  create_cluster("c", manual(1));
  EXPECT_EQ(send("PUT", path, job_body()).status, 202);
  settle();
  EXPECT_EQ(json::parse(send("GET", path).body)["properties"]["executionState"], "running");
  const auto logins = json::parse(send("POST", path + "/listRemoteLoginInformation").body);
  EXPECT_EQ(logins["value"][0]["port"], 50000);
  const auto terminated = send("POST", path + "/terminate");
  EXPECT_EQ(terminated.status, 202);
  settle();
  end_stopped();
  settle();
  EXPECT_EQ(send("GET", path_of(terminated.headers.get("Location"))).status, 200);
  const auto again = send("POST", path + "/terminate");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, "");
  EXPECT_FALSE(again.headers.contains("Azure-AsyncOperation"));
  EXPECT_FALSE(again.headers.contains("Location"));
  EXPECT_EQ(send("DELETE", path).status, 202);
  EXPECT_THROW(send("GET", path), ServiceFault);
}

/// Requests that would rather wait than ask again.
class WaitingRoutesTest : public RoutesTest {
 protected:
  WaitingRoutesTest() {
    create_cluster("c", manual(1));
    job_operation_ = send("PUT", job_, job_body());
    may_wait_ = true;
  }

  Response get(const std::string& path, const std::string& prefer, const std::string& known = "") {
    Headers headers{{"Prefer", prefer}};
    if (!known.empty()) {
      headers.set("If-None-Match", known);
    }
    return send("GET", path, nullptr, {}, headers);
  }

  const std::string job_ = std::string(kWorkspace) + "/experiments/exp/jobs/j";
  const std::string cluster_ = std::string(kWorkspace) + "/clusters/c";
  Response job_operation_;
};

TEST_F(WaitingRoutesTest, WaitWhileTheClientKnowsTheResource) {
  settle();
  for (const std::string& path : {job_, cluster_}) {
    const std::string etag = send("GET", path).headers.get("ETag");
    Response response = get(path, "wait=20", etag);
    ASSERT_NE(response.awaits, nullptr) << path;
    EXPECT_EQ(response.wait_time, std::chrono::seconds(20));
    bool woken = false;
    response.awaits->on_change([&woken] { woken = true; });
    changes_.note(path == job_ ? JobName{exp, "j"}.key() : ClusterName{ws, "c"}.key());
    EXPECT_TRUE(woken);
  }
}

TEST_F(WaitingRoutesTest, AnswerAtOnceWithWhatTheClientDoesNotKnow) {
  const std::string before = send("GET", job_).headers.get("ETag");
  settle();
  const Response response = get(job_, "wait=20", before);
  EXPECT_EQ(response.awaits, nullptr);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("Preference-Applied"), "wait=20");
  EXPECT_NE(response.headers.get("ETag"), before);
  EXPECT_EQ(get(job_, "wait=20").headers.get("Preference-Applied"), "wait=20");
  EXPECT_EQ(changes_.size(), 0u);
}

TEST_F(WaitingRoutesTest, Answer304WhenTheTimeIsOver) {
  settle();
  const std::string etag = send("GET", job_).headers.get("ETag");
  may_wait_ = false;
  const Response response = get(job_, "wait=20", etag);
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.headers.get("ETag"), etag);
  EXPECT_EQ(response.headers.get("Preference-Applied"), "wait=20");
}

TEST_F(WaitingRoutesTest, SaySoonAgainWhatAQueuedJobWaitsFor) {
  resize("c", manual(0));
  const std::string etag = send("GET", job_).headers.get("ETag");
  EXPECT_EQ(get(job_, "wait=60", etag).wait_time, std::chrono::seconds(10));
  EXPECT_EQ(get(job_, "wait=5", etag).wait_time, std::chrono::seconds(5));
  may_wait_ = false;
  const Response response = get(job_, "wait=60", etag);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(json::parse(response.body)["properties"]["waitingReason"]["code"], "ClusterTooSmall");
  EXPECT_EQ(response.headers.get("ETag"), etag);
}

TEST_F(WaitingRoutesTest, AnswerAtOnceWhereTooManyWaitAlready) {
  settle();
  const std::string etag = send("GET", job_).headers.get("ETag");
  const auto other = changes_.next("other");
  const Response response = get(job_, "wait=20", etag);
  EXPECT_EQ(response.awaits, nullptr);
  EXPECT_EQ(response.status, 304);
  EXPECT_FALSE(response.headers.contains("Preference-Applied"));
}

TEST_F(WaitingRoutesTest, DoNotTakeIfNoneMatchAloneForAWish) {
  const Response response = send("GET", job_, nullptr, {}, {{"If-None-Match", "*"}});
  EXPECT_EQ(response.awaits, nullptr);
  EXPECT_EQ(response.status, 200);
  EXPECT_FALSE(response.headers.contains("Preference-Applied"));
}

TEST_F(WaitingRoutesTest, UnderstandThePreference) {
  settle();
  const std::string etag = send("GET", job_).headers.get("ETag");
  const auto wait_of = [&](const std::string& prefer) { return get(job_, prefer, etag).wait_time; };
  EXPECT_EQ(wait_of("respond-async, WAIT = 7"), std::chrono::seconds(7));
  EXPECT_EQ(wait_of("wait=7; x=1"), std::chrono::seconds(7));
  EXPECT_EQ(wait_of("wait=100000"), std::chrono::seconds(60));
  for (const char* odd : {"wait", "wait=", "wait=0", "wait=-1", "wait=x", "awaits=3", "respond-async"}) {
    EXPECT_EQ(wait_of(odd), std::chrono::seconds(0)) << odd;
  }
}

TEST_F(WaitingRoutesTest, WaitForTheEndOfAnOperation) {
  EXPECT_EQ(get(path_of(job_operation_.headers.get("Azure-AsyncOperation")), "wait=5").awaits, nullptr);
  settle();
  may_wait_ = false;
  const Response terminated = send("POST", job_ + "/terminate");
  may_wait_ = true;
  for (const char* link : {"Azure-AsyncOperation", "Location"}) {
    const Response response = get(path_of(terminated.headers.get(link)), "wait=5");
    EXPECT_NE(response.awaits, nullptr) << link;
    EXPECT_EQ(response.wait_time, std::chrono::seconds(5));
  }
  may_wait_ = false;
  const Response late = get(path_of(terminated.headers.get("Azure-AsyncOperation")), "wait=5");
  EXPECT_EQ(json::parse(late.body)["status"], "InProgress");
  EXPECT_EQ(late.headers.get("Preference-Applied"), "wait=5");
}

TEST_F(WaitingRoutesTest, RefuseWhatIsNotThere) {
  const std::string etag = send("GET", job_).headers.get("ETag");
  send("DELETE", job_);
  try {
    get(job_, "wait=20", etag);
    FAIL() << "answered";
  } catch (const ServiceFault& fault) {
    EXPECT_EQ(fault.status(), 404);
  }
}

}  // namespace
}  // namespace batchai::server::test
