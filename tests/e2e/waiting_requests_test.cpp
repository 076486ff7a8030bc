#include "e2e/server_test.hpp"
#include "support/eventually.hpp"

#include <chrono>
#include <future>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

using ::testing::HasSubstr;

class WaitingRequests : public ServerTest {
 protected:
  void SetUp() override {
    start();
    token_ = token();
    ASSERT_EQ(put_group(token_, "g").status, 201);
    ASSERT_EQ(call("PUT", workspace(), R"({"location": "eastus"})").status / 100, 2);
  }

  std::string workspace() const {
    return "/subscriptions/" + endpoints().at("subscriptionId").get<std::string>() +
           "/resourceGroups/g/providers/Microsoft.BatchAI/workspaces/w";
  }
  std::string cluster() const { return workspace() + "/clusters/c"; }
  HttpResponse call(const std::string& method, const std::string& path, const std::string& body = "",
                    Headers headers = {}) const {
    headers.set("Authorization", "Bearer " + token_);
    headers.set("Content-Type", "application/json");
    return send(method, path + "?api-version=2018-05-01", std::move(headers), body);
  }
  bool is_waiting() const {
    return eventually(
        [&] { return get("/metrics").body.find("\nbatchai_http_requests_waiting 1\n") != std::string::npos; });
  }

  std::string token_;
};

TEST_F(WaitingRequests, AreAnsweredOnceAChangeIsWritten) {
  const std::string body =
      R"({"properties": {"vmSize": "STANDARD_NC6", "scaleSettings": {"manual": {"targetNodeCount": 0}},
    "userAccountSettings": {"adminUserName": "admin", "adminUserPassword": "hush-hush"}}})";
  ASSERT_EQ(call("PUT", cluster(), body).status / 100, 2);
  ASSERT_TRUE(eventually([&] { return call("GET", cluster()).body.find("\"steady\"") != std::string::npos; }));
  const std::string etag = call("GET", cluster()).headers.get("ETag");
  auto answer = std::async(std::launch::async, [&] {
    return call("GET", cluster(), "", {{"Prefer", "wait=60"}, {"If-None-Match", etag}});
  });
  ASSERT_TRUE(is_waiting());
  ASSERT_EQ(
      call("PATCH", cluster(), R"({"properties": {"scaleSettings": {"manual": {"targetNodeCount": 1}}}})").status / 100,
      2);
  // Long before its time is over.
  ASSERT_EQ(answer.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  const HttpResponse changed = answer.get();
  EXPECT_EQ(changed.status, 200);
  EXPECT_THAT(changed.body, HasSubstr(R"("targetNodeCount":1)"));
}

}  // namespace
}  // namespace batchai::test
