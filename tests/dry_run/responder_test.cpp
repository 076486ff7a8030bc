#include "batchai/dry_run/responder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::inline v1 {
namespace {

using nlohmann::json;

const std::string kGroup = "https://management.azure.com/subscriptions/s/resourceGroups/g";
const std::string kWorkspace = kGroup + "/providers/Microsoft.BatchAI/workspaces/w";
const std::string kFile = "https://acct.file.core.windows.net/share/a.txt";

HttpRequest on_resource(const std::string& method, const std::string& url, const std::string& body = {}) {
  return {.method = method, .url = Url::parse(url + "?api-version=1"), .body = body};
}

class DryRunResponderTest : public testing::Test {
 protected:
  HttpResponse read(const std::string& url, const std::string& method = "GET", int status = 404) const {
    return responder_.after_changes(on_resource(method, url), {.status = status});
  }

  DryRunResponder responder_;
};

TEST_F(DryRunResponderTest, ACreatedResourceCanBeRead) {
  EXPECT_EQ(read(kWorkspace).status, 404);
  const HttpResponse created = responder_.change(on_resource("PUT", kWorkspace, R"({"location":"eastus"})"));
  EXPECT_EQ(created.status, 200);
  const json expected{{"id", Url::parse(kWorkspace).path()},
                      {"name", "w"},
                      {"location", "eastus"},
                      {"properties", {{"provisioningState", "succeeded"}}}};
  EXPECT_EQ(json::parse(created.body), expected);
  EXPECT_EQ(json::parse(read(kWorkspace).body), expected);
  EXPECT_EQ(json::parse(read(kWorkspace + "/clusters").body), json::parse(R"({"value":[]})"));
  EXPECT_EQ(read(kWorkspace + "/clusters/c").status, 404);
}

TEST_F(DryRunResponderTest, WhatTheServiceAnswersStays) {
  responder_.change(on_resource("PUT", kWorkspace, "{}"));
  EXPECT_EQ(read(kWorkspace, "GET", 200).body, "");
  EXPECT_EQ(read(kWorkspace, "GET", 403).status, 403);
}

TEST_F(DryRunResponderTest, ACreatedAccountHasAKey) {
  const std::string account = kGroup + "/providers/Microsoft.Storage/storageAccounts/a";
  responder_.change(on_resource("PUT", account, "{}"));
  const json keys = json::parse(read(account + "/listKeys", "POST").body);
  EXPECT_EQ(keys.at("keys").at(0).at("keyName"), "key1");
}

TEST_F(DryRunResponderTest, OtherChangesOfResourcesAreDoneAtOnce) {
  EXPECT_EQ(responder_.change(on_resource("DELETE", kWorkspace)).status, 202);
  const std::string provider = "https://management.azure.com/subscriptions/s/providers/Microsoft.BatchAI";
  const json registered = json::parse(responder_.change(on_resource("POST", provider + "/register")).body);
  EXPECT_EQ(registered, json::parse(R"({"namespace":"Microsoft.BatchAI","registrationState":"Registered"})"));
}

TEST_F(DryRunResponderTest, ACreatedFileHasItsProperties) {
  HttpRequest look{.method = "HEAD", .url = Url::parse(kFile)};
  EXPECT_FALSE(responder_.known_answer(look));
  const HttpRequest creation{
      .method = "PUT", .url = Url::parse(kFile), .headers = {{"x-ms-type", "file"}, {"x-ms-content-length", "5"}}};
  EXPECT_EQ(responder_.change(creation).status, 201);
  const auto answer = responder_.known_answer(look);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->headers.get("Content-Length"), "5");
  EXPECT_FALSE(answer->headers.contains("x-ms-file-change-time"));
  look.method = "GET";
  EXPECT_FALSE(responder_.known_answer(look));
}

TEST_F(DryRunResponderTest, ACreatedFileKeepsTheTimesThatWereSet) {
  const std::string time = "2024-01-01T00:00:00.1234567Z";
  const HttpRequest creation{.method = "PUT",
                             .url = Url::parse(kFile),
                             .headers = {{"x-ms-type", "file"},
                                         {"x-ms-content-length", "5"},
                                         {"x-ms-file-last-write-time", time},
                                         {"x-ms-file-change-time", time}}};
  EXPECT_EQ(responder_.change(creation).headers.get("x-ms-file-change-time"), time);
}

TEST_F(DryRunResponderTest, ACopyIsDoneAtOnce) {
  const HttpRequest copy{.method = "PUT", .url = Url::parse(kFile), .headers = {{"x-ms-copy-source", kFile}}};
  EXPECT_EQ(responder_.change(copy).headers.get("x-ms-copy-status"), "success");
}

}  // namespace
}  // namespace batchai::inline v1
