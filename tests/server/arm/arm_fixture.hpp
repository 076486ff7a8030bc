#pragma once

#include "server/arm/management_api.hpp"
#include "server/arm/providers.hpp"
#include "server/arm/resource_groups.hpp"
#include "server/arm/resources.hpp"
#include "server/arm/storage_accounts.hpp"
#include "server/arm/subscriptions.hpp"
#include "server/records/operations.hpp"
#include "signing/query.hpp"
#include "support/fake_clock.hpp"
#include "support/memory_store.hpp"

#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::server::test {

inline const std::string kSub = "0a0a0a0a-1111-2222-3333-444444444444";
inline const std::string kTenant = "11111111-2222-3333-4444-555555555555";
inline const std::string kBase = "/subscriptions/" + kSub;

/// A resource manager with everything of this module, asked without a socket. One more resource stands for those that
/// other modules bring along: `…/Microsoft.BatchAI/workspaces/{workspace}`.
class ArmFixture : public ::testing::Test {
 protected:
  static const SigningKey& key() {
    static const SigningKey kKey{signing::RsaPrivateKey::generate(), "test-key"};
    return kKey;
  }

  std::string token(const std::string& audience = "https://management.azure.com") const {
    return tokens_.issue(owner_, audience).text;
  }

  Response send_bare(const std::string& method, const std::string& target, Headers headers,
                     const std::string& body = {}) {
    Request request{.method = method, .target = target, .headers = std::move(headers), .body = body};
    const std::size_t question = target.find('?');
    request.path = target.substr(0, question);
    request.query = question == std::string::npos ? "" : target.substr(question + 1);
    request.parameters = signing::split_query(request.query, true);
    request.request_id = "99999999-0000-0000-0000-000000000001";
    const Response response = api_.handle(request);
    principal_ = response.principal;
    return response;
  }

  Response send(const std::string& method, const std::string& target, const std::string& body = {}) {
    const std::string version = target.find("Microsoft.BatchAI/") != std::string::npos ? "2018-05-01" : "2021-04-01";
    const std::string mark = target.find('?') == std::string::npos ? "?" : "&";
    return send_bare(method, target + mark + "api-version=" + version, {{"Authorization", "Bearer " + token()}}, body);
  }

  static nlohmann::json json(const Response& response) { return nlohmann::json::parse(response.body); }

  static void expect_fault(const Response& response, int status, const std::string& code) {
    EXPECT_EQ(response.status, status) << response.body;
    const auto error = json(response).at("error");
    EXPECT_EQ(error.at("code"), code);
    EXPECT_EQ(response.reason, error.at("message").get<std::string>().substr(0, 200));
  }

  void make_group(const std::string& name = "RG1") {
    ASSERT_EQ(send("PUT", kBase + "/resourcegroups/" + name, R"({"location":"eastus"})").status, 201);
  }

  Response make_account(const std::string& name, const std::string& group = "RG1") {
    return send("PUT", kBase + "/resourceGroups/" + group + "/providers/Microsoft.Storage/storageAccounts/" + name,
                R"({"sku":{"name":"Standard_LRS"},"kind":"Storage","location":"East US"})");
  }

  std::shared_ptr<batchai::test::FakeClock> clock_ = std::make_shared<batchai::test::FakeClock>();
  MemoryStore store_{[this] { return clock_->now(); }};
  AccessTokens tokens_{key(), kTenant, clock_};
  Principals principals_{store_};
  Principal owner_ = principals_.create("tester");
  /// Groups whose content is not gone yet.
  std::set<std::string> busy_;
  std::vector<std::string> removed_data_;
  /// What else happens while an account's data is removed.
  std::function<void(const std::string& account)> on_data_removal_;
  std::string failure_;
  std::string principal_;
  std::string seen_host_;

  ArmOptions options_{.store = store_,
                      .clock = clock_,
                      .management_url = "https://127.0.0.1:8443",
                      .files_url = "https://127.0.0.1:8444",
                      .subscription_id = kSub,
                      .tenant_id = kTenant,
                      .remove_group_contents = [this](Transaction&, const std::string& group,
                                                      Timestamp) { return !busy_.contains(group); },
                      .remove_account_data =
                          [this](const std::string& name) {
                            if (const auto hook = on_data_removal_) {
                              hook(name);
                            }
                            removed_data_.push_back(name);
                          }};

  Router anonymous() {
    Router router;
    router.add(metadata_route(options_));
    return router;
  }

  std::vector<Route> resources() {
    std::vector<Route> routes;
    for (const auto& table : {subscription_routes(options_), resource_group_routes(options_), provider_routes(options_),
                              storage_account_routes(options_), resource_list_routes(options_)}) {
      routes.insert(routes.end(), table.begin(), table.end());
    }
    const auto workspace = [this](const Request& request, const PathParameters& path) -> Response {
      seen_host_ = request.headers.get("Host");
      if (path["workspace"] == "broken") {
        throw std::runtime_error("disk is on fire");
      }
      throw ServiceFault(404, "WorkspaceNotFound", "The specified workspace is not found", "workspace",
                         {{"Detail", "more"}});
    };
    const std::string pattern =
        "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.BatchAI/workspaces/{workspace}";
    for (const char* method : {"GET", "HEAD", "PUT"}) {
      routes.push_back({method, pattern, workspace});
    }
    return routes;
  }

  ManagementApi api_{{.store = store_,
                      .tokens = tokens_,
                      .principals = principals_,
                      .clock = clock_,
                      .management_url = "https://127.0.0.1:8443",
                      .subscription_id = kSub,
                      .audiences = {"https://management.azure.com", "https://127.0.0.1:8443"},
                      .on_failure = [this](const Request&, std::string_view what) { failure_ = what; }},
                     anonymous(),
                     resources()};
};

}  // namespace batchai::server::test
