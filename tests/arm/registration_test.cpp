#include "batchai/arm/client.hpp"
#include "support/client_call.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::test {
namespace {

using namespace std::chrono_literals;

const std::string kSubscriptionUrl = std::string(kEndpoint) + "/subscriptions/" + kSubscription;
const std::string kAccount =
    kSubscriptionUrl + "/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/account1?api-version=2022-09-01";
const std::string kProvider = kSubscriptionUrl + "/providers/Microsoft.Storage";
const std::string kVersion = "?api-version=2021-04-01";

HttpResponse refusal(const std::string& message =
                         "The subscription is not registered to use namespace "
                         "'Microsoft.Storage'. See https://aka.ms/rps for how to register.") {
  return json_response(
      409, nlohmann::json({{"error", {{"code", "MissingSubscriptionRegistration"}, {"message", message}}}}).dump());
}

HttpResponse provider(const std::string& state) {
  return json_response(200, R"({"namespace": "Microsoft.Storage", "registrationState": ")" + state + "\"}");
}

class Registration : public testing::Test {
 protected:
  void create(const CallContext& context = {}) {
    client_.storage_accounts().start_create("g", "account1", {.location = "eastus"}, context);
  }

  void expect_refused(const CallContext& context = {}) {
    try {
      create(context);
      FAIL() << "nothing was thrown";
    } catch (const ServiceError& error) {
      EXPECT_EQ(error.status(), 409);
      EXPECT_EQ(error.code(), "MissingSubscriptionRegistration");
    }
  }

  std::shared_ptr<FakeTransport> transport_ = std::make_shared<FakeTransport>();
  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>();
  ArmClient client_{
      std::make_shared<FakeCredential>(),
      kSubscription,
      {.endpoint = kEndpoint, .client = {.transport = transport_, .clock = clock_, .retry = {.max_retries = 0}}}};
};

TEST_F(Registration, IsMadeUpForAndThePutSentOnceMore) {
  transport_->on("PUT", kAccount, refusal())
      .on("POST", kProvider + "/register" + kVersion, provider("Registering"))
      .on("GET", kProvider + kVersion, provider("Registering"))
      .on("GET", kProvider + kVersion, provider("Registered"))
      .on("PUT", kAccount, json_response(200, R"({"name": "account1"})"));
  create();
  EXPECT_EQ(clock_->sleeps(), (std::vector<Duration>{10s, 10s}));
  const auto requests = transport_->requests();
  EXPECT_EQ(requests.front().body, requests.back().body);
}

TEST_F(Registration, NeedsNoWaitWhereItIsDoneAtOnce) {
  transport_->on("PUT", kAccount, refusal())
      .on("POST", kProvider + "/register" + kVersion, provider("Registered"))
      .on("PUT", kAccount, json_response(200, "{}"));
  create();
  EXPECT_TRUE(clock_->sleeps().empty());
}

TEST_F(Registration, IsTriedOnceOnly) {
  transport_->on("PUT", kAccount, refusal())
      .on("POST", kProvider + "/register" + kVersion, provider("Registered"))
      .on("PUT", kAccount, refusal());
  expect_refused();
}

TEST_F(Registration, LeavesTheRefusalWhereItIsForbidden) {
  transport_->on("PUT", kAccount, refusal())
      .on("POST", kProvider + "/register" + kVersion,
          json_response(403, R"({"error": {"code": "AuthorizationFailed", "message": "No."}})"));
  expect_refused();
}

TEST_F(Registration, IsGivenUpAfterAQuarterOfAnHour) {
  transport_->on("PUT", kAccount, refusal()).on("POST", kProvider + "/register" + kVersion, provider("Registering"));
  for (int i = 0; i < 90; ++i) {
    transport_->on("GET", kProvider + kVersion, provider("Registering"));
  }
  expect_refused();
  EXPECT_EQ(clock_->sleeps(), std::vector<Duration>(90, 10s));
}

TEST_F(Registration, IsGivenUpAtTheDeadline) {
  transport_->on("PUT", kAccount, refusal())
      .on("POST", kProvider + "/register" + kVersion, provider("Registering"))
      .on("GET", kProvider + kVersion, provider("Registering"));
  expect_refused({.deadline = clock_->steady_now() + 5s});
}

TEST_F(Registration, IsForTheProviderOfTheUrlWhereTheMessageNamesNone) {
  for (const char* message :
       {"Register first.", "It's not registered.", "Register '../other' first.", "Register '..'.", "''"}) {
    transport_->on("PUT", kAccount, refusal(message))
        .on("POST", kProvider + "/register" + kVersion, provider("Registered"))
        .on("PUT", kAccount, json_response(200, "{}"));
    create();
  }
}

TEST_F(Registration, IsForTheProviderThatTheMessageNames) {
  transport_->on("PUT", kAccount, refusal("not registered to use namespace 'Microsoft.Network'"))
      .on("POST", kSubscriptionUrl + "/providers/Microsoft.Network/register" + kVersion, provider("Registered"))
      .on("PUT", kAccount, json_response(200, "{}"));
  create();
}

TEST_F(Registration, IsNotTheAnswerToAnyOtherRefusal) {
  for (const auto& [status, code] : {std::pair{409, "Conflict"}, std::pair{400, "MissingSubscriptionRegistration"}}) {
    transport_->on("PUT", kAccount,
                   json_response(status, R"({"error": {"code": ")" + std::string(code) + R"(", "message": "No."}})"));
    EXPECT_THROW(create(), ServiceError);
  }
  EXPECT_EQ(transport_->requests().size(), 2U);
}

TEST_F(Registration, IsNotMadeUpForBeforeReadingOrDeleting) {
  const std::string group = kSubscriptionUrl + "/resourcegroups/g" + kVersion;
  transport_->on("GET", group, refusal()).on("DELETE", group, refusal());
  EXPECT_THROW(client_.resource_groups().get("g"), ServiceError);
  EXPECT_THROW(client_.resource_groups().start_remove("g"), ServiceError);
}

}  // namespace
}  // namespace batchai::test
