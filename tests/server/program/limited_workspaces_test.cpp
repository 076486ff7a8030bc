// The lists of workspaces of the subscription, as the service makes them, for a role that is for some groups.
#include "batchai/core/http.hpp"
#include "server/arm/management_api.hpp"
#include "server/program/management_routes.hpp"
#include "signing/query.hpp"
#include "support/service_fixture.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::server::test {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using Names = std::vector<std::string>;

const std::string kAll = "0a0a0a0a-1111-2222-3333-444444444444";

class LimitedWorkspaces : public ::testing::Test, protected ServiceFixture {
 protected:
  LimitedWorkspaces() {
    for (const char* group : {"mine", "theirs"}) {
      const std::string id = "/subscriptions/" + kAll + "/resourceGroups/" + group;
      store.write([&](Transaction& transaction) {
        transaction.put({.key = to_lower(id),
                         .kind = "resourceGroup",
                         .body = {{"id", id},
                                  {"name", group},
                                  {"location", "eastus"},
                                  {"properties", {{"provisioningState", "Succeeded"}}}}});
      });
    }
    for (const char* name : {"a-mine", "b-theirs", "c-theirs", "d-theirs", "e-mine", "f-theirs", "g-mine"}) {
      const std::string text = name;
      workspaces.create({.subscription = kAll, .group = text.substr(2), .workspace = text}, {.location = "eastus"});
    }
  }

  json get(const Principal& principal, const std::string& query) {
    Request request{.method = "GET", .target = kList, .path = kList};
    request.headers.set("Authorization", "Bearer " + tokens_.issue(principal, kUrl).text);
    request.parameters = signing::split_query("api-version=2018-05-01" + query, true);
    const Response response = api_.handle(request);
    EXPECT_EQ(response.status, 200) << response.body;
    return json::parse(response.body);
  }

  /// All pages, as a client that follows the links gets them: their names, in one list for each page.
  std::vector<Names> pages(const Principal& principal, std::string query) {
    std::vector<Names> result;
    while (result.empty() || !query.empty()) {
      const json page = get(principal, query);
      Names& names = result.emplace_back();
      for (const json& workspace : page.at("value")) {
        names.push_back(workspace.at("name"));
      }
      const std::string next = page.value("nextLink", "");
      const std::size_t question = next.find('?');
      query = question == std::string::npos ? "" : "&" + next.substr(question + 1);
    }
    return result;
  }

  static constexpr const char* kUrl = "https://here";
  const std::string kList = "/subscriptions/" + kAll + "/providers/Microsoft.BatchAI/workspaces";
  std::shared_ptr<batchai::test::FakeClock> clock_ = std::make_shared<batchai::test::FakeClock>();
  OutputFiles output_files_{store, *clock_, "/nonexistent", Url::parse("http://127.0.0.1:1")};
  Usages usages_{context};
  Principals principals_{store};
  AccessTokens tokens_{{signing::RsaPrivateKey::generate(), "key"}, "tenant", clock_};
  const ArmOptions arm_{.store = store,
                        .clock = clock_,
                        .management_url = kUrl,
                        .files_url = kUrl,
                        .subscription_id = kAll,
                        .tenant_id = "tenant",
                        .remove_group_contents = nullptr,
                        .remove_account_data = nullptr};
  const PrincipalAdminOptions admin_{.principals = principals_,
                                     .clock = clock_,
                                     .tenant_id = "tenant",
                                     .subscription_id = kAll,
                                     .own_client_id = "",
                                     .own_secret_renewed = nullptr};
  ManagementApi api_{
      {.store = store,
       .tokens = tokens_,
       .principals = principals_,
       .clock = clock_,
       .management_url = kUrl,
       .subscription_id = kAll,
       .audiences = {kUrl},
       .on_failure = [](const Request&, std::string_view what) { ADD_FAILURE() << what; }},
      Router(),
      management_routes(arm_, {store, workspaces, experiments, clusters, file_servers, jobs, output_files_, usages_},
                        std::make_shared<PrincipalAdmin>(admin_))};
  const Principal limited_ = principals_.create("limited", Role::Reader, {"Mine"});
};

TEST_F(LimitedWorkspaces, AreListedWithoutThoseOfOtherGroups) {
  EXPECT_THAT(pages(limited_, ""), ElementsAre(Names{"a-mine", "e-mine", "g-mine"}));
  EXPECT_EQ(pages(principals_.create("all", Role::Reader), "").front().size(), 7U);
}

/// A page may be short or empty, and the next one follows.
TEST_F(LimitedWorkspaces, AreListedPageByPage) {
  Names all;
  for (const Names& page : pages(limited_, "&maxresults=2")) {
    EXPECT_LE(page.size(), 2U);
    all.insert(all.end(), page.begin(), page.end());
  }
  EXPECT_THAT(all, ElementsAre("a-mine", "e-mine", "g-mine"));
}

}  // namespace
}  // namespace batchai::server::test
