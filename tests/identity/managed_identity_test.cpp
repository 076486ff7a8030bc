#include "identity/identity_fixture.hpp"

#include <map>

namespace batchai::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kMetadata = "http://169.254.169.254/metadata/identity/oauth2/token";
constexpr const char* kQuery = "?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.azure.com%2F";

class ManagedIdentityTest : public IdentityTest {
 protected:
  ManagedIdentityCredential on_machine(const std::string& client_id = {}) {
    return ManagedIdentityCredential(client_id, options(), {kMetadata});
  }
  ManagedIdentityCredential in_app_service(const std::string& client_id = {}) {
    return ManagedIdentityCredential(client_id, options(), {"http://127.0.0.1:41741/msi/token/", Secret("h3ader")});
  }
  static HttpResponse answer(const std::string& members) {
    return json_response(200, R"({"access_token":"t","token_type":"Bearer",)" + members + "}");
  }
  ManagedIdentityEndpoint found(const std::map<std::string, std::string>& variables) {
    return managed_identity_from([&](const std::string& name) {
      const auto value = variables.find(name);
      return value == variables.end() ? std::string() : value->second;
    });
  }

  const std::string metadata_ = std::string(kMetadata) + kQuery;
};

TEST_F(ManagedIdentityTest, AsksTheMetadataServiceOfTheMachine) {
  transport->on("GET", metadata_, answer(R"("expires_in":"3599","expires_on":"1528409780")"));
  auto signer = on_machine();
  EXPECT_EQ(token(signer), "t");
  EXPECT_EQ(transport->last_request().headers.get("Metadata"), "true");
  EXPECT_FALSE(transport->last_request().headers.contains("X-IDENTITY-HEADER"));
  EXPECT_EQ(transport->last_request().body, "");
}

TEST_F(ManagedIdentityTest, NamesTheUserAssignedIdentity) {
  transport->on("GET", metadata_ + "&client_id=mine", answer(R"("expires_in":"3599")"));
  auto signer = on_machine("mine");
  EXPECT_EQ(token(signer), "t");
}

TEST_F(ManagedIdentityTest, AsksAppServiceAtItsEndpointWithItsHeader) {
  const std::string url =
      "http://127.0.0.1:41741/msi/token/?api-version=2019-08-01&resource=https%3A%2F%2Fmanagement.azure.com%2F";
  transport->on("GET", url, answer(R"("expires_on":"1528409780")"))
      .on("GET", url + "&client_id=mine", answer(R"("expires_on":"1528409780")"));
  auto signer = in_app_service();
  EXPECT_EQ(token(signer), "t");
  EXPECT_EQ(transport->last_request().headers.get("X-IDENTITY-HEADER"), "h3ader");
  EXPECT_FALSE(transport->last_request().headers.contains("Metadata"));
  auto user_assigned = in_app_service("mine");
  EXPECT_EQ(token(user_assigned), "t");
}

TEST_F(ManagedIdentityTest, ReadsTheExpiryInEveryForm) {
  const Timestamp now = clock->now();
  const std::vector<std::pair<std::string, Timestamp>> forms = {
      {R"("expires_on":"1528409781")", now + 3600s},
      {R"("expires_on":1528409781)", now + 3600s},
      {R"("expires_in":"3599")", now + 3599s},
      {R"("expires_in":3599)", now + 3599s},
      // From a cache: the seconds were counted when the token was new.
      {R"("expires_in":"86400","expires_on":"1528409781")", now + 3600s}};
  auto signer = on_machine();
  for (const auto& [members, expected] : forms) {
    transport->on("GET", metadata_, answer(members));
    EXPECT_EQ(signer.get_token({kResource, true}, {}).expires_on, expected) << members;
  }
  transport->on("GET", metadata_, answer(R"("expires_on":"06/07/2018 22:16:21 +00:00")"));
  EXPECT_THROW(token(signer, true), ProtocolError);
}

TEST_F(ManagedIdentityTest, WaitsForAMetadataServiceThatStartsOrIsUpdated) {
  transport->on("GET", metadata_, empty_response(404))
      .on("GET", metadata_, empty_response(404))
      .on("GET", metadata_, answer(R"("expires_in":"3599")"));
  auto signer = on_machine();
  EXPECT_EQ(token(signer), "t");
  EXPECT_THAT(clock->sleeps(), ElementsAre(Duration(1s), Duration(2s)));
  for (int i = 0; i < 7; ++i) {
    transport->on("GET", metadata_, empty_response(410));
  }
  transport->on("GET", metadata_, answer(R"("expires_in":"3599")"));
  EXPECT_EQ(token(signer, true), "t");
  EXPECT_EQ(clock->sleeps().size(), 2U + 7U);
  EXPECT_EQ(clock->sleeps().back(), Duration(10s));
}

TEST_F(ManagedIdentityTest, GivesUpInTheEnd) {
  for (int i = 0; i < 4; ++i) {
    transport->on("GET", metadata_, empty_response(404));
  }
  auto signer = on_machine();
  EXPECT_EQ(message_of<AuthenticationError>([&] { token(signer); }),
            "the managed identity got no token: the answer was status 404");
}

TEST_F(ManagedIdentityTest, GivesUpAfterSeventySecondsOfAnUpdate) {
  for (int i = 0; i < 8; ++i) {
    transport->on("GET", metadata_, empty_response(410));
  }
  auto signer = on_machine();
  EXPECT_EQ(message_of<AuthenticationError>([&] { token(signer); }),
            "the managed identity got no token: the answer was status 410");
  EXPECT_EQ(clock->sleeps().size(), 7U);
}

TEST_F(ManagedIdentityTest, StopsWaitingWhenItIsCancelled) {
  CancellationSource source;
  transport->on_call("GET", metadata_, [&](const HttpRequest&, const CallContext&) {
    source.cancel();
    return empty_response(410);
  });
  auto signer = on_machine();
  EXPECT_THROW(signer.get_token({kResource}, {.cancellation = source.token()}), Cancelled);
}

TEST_F(ManagedIdentityTest, RetriesWhatPassesByAndHonoursRetryAfter) {
  transport->on("GET", metadata_, empty_response(429, {{"Retry-After", "7"}}))
      .on("GET", metadata_, empty_response(500))
      .on("GET", metadata_, answer(R"("expires_in":"3599")"));
  auto signer = on_machine();
  EXPECT_EQ(token(signer), "t");
  ASSERT_EQ(clock->sleeps().size(), 2U);
  EXPECT_EQ(clock->sleeps().front(), Duration(7s));
}

TEST_F(ManagedIdentityTest, DoesNotWaitPastTheDeadline) {
  transport->on("GET", metadata_, empty_response(410));
  auto signer = on_machine();
  const CallContext soon{.deadline = clock->steady_now() + 5s};
  EXPECT_THROW(signer.get_token({kResource}, soon), AuthenticationError);
  EXPECT_TRUE(clock->sleeps().empty());
}

TEST_F(ManagedIdentityTest, IsUnavailableWhereThereIsNone) {
  CredentialOptions once = options();
  once.client.retry.max_retries = 0;
  ManagedIdentityCredential signer({}, once, {kMetadata});
  transport->on_call("GET", metadata_, [](const HttpRequest&, const CallContext&) -> HttpResponse {
    throw TransportError("http://169.254.169.254", "no route to host");
  });
  EXPECT_THAT(message_of<CredentialUnavailable>([&] { token(signer); }), HasSubstr("no route to host"));
  transport->on("GET", metadata_,
                json_response(400, R"({"error":"invalid_request","error_description":"Identity not found"})"));
  EXPECT_THAT(message_of<CredentialUnavailable>([&] { token(signer); }), HasSubstr("Identity not found"));
}

/// A chain of credentials passes over what is unavailable, and stops at what is refused.
TEST_F(ManagedIdentityTest, IsRefusedAndNotUnavailableWhereThereIsOne) {
  const auto is_unavailable = [](TokenCredential& signer) {
    try {
      token(signer);
    } catch (const CredentialUnavailable&) {
      return true;
    } catch (const std::exception&) {
    }
    return false;
  };
  transport->on("GET", metadata_, json_response(400, R"({"error":"unauthorized_client"})"));
  auto on_virtual_machine = on_machine();
  EXPECT_FALSE(is_unavailable(on_virtual_machine));
  const std::string url =
      "http://127.0.0.1:41741/msi/token/?api-version=2019-08-01&resource=https%3A%2F%2Fmanagement.azure.com%2F";
  transport->on("GET", url, json_response(400, R"({"error":"invalid_request"})"));
  auto app_service = in_app_service();
  EXPECT_FALSE(is_unavailable(app_service));
  CredentialOptions once = options();
  once.client.retry.max_retries = 0;
  ManagedIdentityCredential unreachable({}, once, {"http://127.0.0.1:41741/msi/token/", Secret("h3ader")});
  transport->on_call("GET", url, [](const HttpRequest&, const CallContext&) -> HttpResponse {
    throw TransportError("http://127.0.0.1:41741", "connection refused");
  });
  EXPECT_THROW(token(unreachable), TransportError);
}

TEST_F(ManagedIdentityTest, TellsWhatAppServiceSaysAndNotTheHeader) {
  const std::string url =
      "http://127.0.0.1:41741/msi/token/?api-version=2019-08-01&resource=https%3A%2F%2Fmanagement.azure.com%2F"
      "&client_id=mine";
  transport->on("GET", url, json_response(400, R"({"statusCode":400,"message":"No such identity."})"));
  auto signer = in_app_service("mine");
  const std::string message = message_of<AuthenticationError>([&] { token(signer); });
  EXPECT_EQ(message, "the managed identity mine got no token: No such identity.");
  EXPECT_THAT(message, Not(HasSubstr("h3ader")));
}

TEST_F(ManagedIdentityTest, FindsItsEndpointByTheVariables) {
  EXPECT_EQ(found({}).url, kMetadata);
  EXPECT_TRUE(found({}).header.empty());
  EXPECT_EQ(found({{"AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://10.0.0.1/"}}).url,
            "http://10.0.0.1/metadata/identity/oauth2/token");
  const auto app_service = found({{"IDENTITY_ENDPOINT", "http://127.0.0.1:1/x"}, {"IDENTITY_HEADER", "h"}});
  EXPECT_EQ(app_service.url, "http://127.0.0.1:1/x");
  EXPECT_EQ(app_service.header.reveal(), "h");
  EXPECT_EQ(found({{"IDENTITY_ENDPOINT", "http://127.0.0.1:1/x"}}).url, kMetadata);
}

}  // namespace
}  // namespace batchai::test
