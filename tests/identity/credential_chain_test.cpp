#include "identity/identity_fixture.hpp"
#include "support/fake_credential.hpp"
#include "support/test_certificate.hpp"

#include <map>

namespace batchai::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr const char* kMetadata = "http://169.254.169.254/metadata/identity/oauth2/token";

/// Fails as it is told, and counts how often it is asked.
class Scripted final : public TokenCredential {
 public:
  explicit Scripted(std::function<AccessToken()> answer) : answer_(std::move(answer)) {}
  AccessToken get_token(const TokenRequest&, const CallContext&) override {
    ++asked;
    return answer_();
  }
  int asked = 0;

 private:
  std::function<AccessToken()> answer_;
};

std::shared_ptr<Scripted> unavailable() {
  return std::make_shared<Scripted>([]() -> AccessToken { throw CredentialUnavailable("not here"); });
}

using CredentialChainTest = IdentityTest;

TEST_F(CredentialChainTest, TakesTheFirstThatAppliesAndStaysWithIt) {
  const auto absent = unavailable();
  const auto good = std::make_shared<FakeCredential>();
  const auto later = unavailable();
  CredentialChain chain({{"none", nullptr, "nothing set"}, {"absent", absent}, {"good", good}, {"later", later}});
  EXPECT_EQ(token(chain), "token-1");
  EXPECT_EQ(token(chain, true), "token-2");
  EXPECT_EQ(absent->asked, 1);
  EXPECT_EQ(later->asked, 0);
}

TEST_F(CredentialChainTest, SaysOfEveryStepWhatItLacked) {
  CredentialChain chain({{"one", nullptr, "A not set"}, {"two", unavailable()}});
  EXPECT_EQ(message_of<CredentialUnavailable>([&] { token(chain); }),
            "no way to sign in is set up:\n  one: A not set\n  two: not here");
}

TEST_F(CredentialChainTest, StopsAtAStepThatIsRefused) {
  const auto refused =
      std::make_shared<Scripted>([]() -> AccessToken { throw AuthenticationError("no", "AADSTS7000215"); });
  const auto later = std::make_shared<FakeCredential>();
  CredentialChain chain({{"environment", refused}, {"later", later}});
  try {
    token(chain);
    FAIL();
  } catch (const AuthenticationError& error) {
    EXPECT_STREQ(error.what(), "environment: no");
    EXPECT_EQ(error.code(), "AADSTS7000215");
  }
  EXPECT_THROW(token(chain), AuthenticationError);
  EXPECT_EQ(refused->asked, 2) << "it may be in order the next time";
}

TEST_F(CredentialChainTest, PassesOnThatTheNetworkIsDown) {
  const auto down = std::make_shared<Scripted>([]() -> AccessToken { throw TransportError("https://x", "down"); });
  CredentialChain chain({{"environment", down}, {"later", std::make_shared<FakeCredential>()}});
  EXPECT_THROW(token(chain), TransportError);
}

/// The variables of the SDKs, set for one test; ctest gives every test a process of its own.
class DefaultCredentialTest : public IdentityTest {
 protected:
  DefaultCredentialTest() {
    for (const char* name : kNames) {
      ::unsetenv(name);
    }
  }
  ~DefaultCredentialTest() override {
    for (const char* name : kNames) {
      ::unsetenv(name);
    }
  }
  static void set(const std::map<std::string, std::string>& variables) {
    for (const auto& [name, value] : variables) {
      ::setenv(name.c_str(), value.c_str(), 1);
    }
  }
  std::string default_token() { return token(*make_default_credential(options())); }
  void nothing_at_the_metadata_address() {
    transport->on_call("GET", kMetadata,
                       [this](const HttpRequest& request, const CallContext& context) -> HttpResponse {
                         EXPECT_FALSE(request.headers.contains("Metadata")) << "a probe";
                         EXPECT_EQ(context.deadline, clock->steady_now() + 1s);
                         throw DeadlineExceeded("no answer within 1 s");
                       });
  }

  const std::string endpoint_ = "https://login.microsoftonline.com/tenant/oauth2/v2.0/token";

 private:
  static constexpr const char* kNames[] = {"AZURE_TENANT_ID",
                                           "AZURE_CLIENT_ID",
                                           "AZURE_CLIENT_SECRET",
                                           "AZURE_CLIENT_CERTIFICATE_PATH",
                                           "AZURE_CLIENT_CERTIFICATE_PASSWORD",
                                           "AZURE_FEDERATED_TOKEN_FILE",
                                           "AZURE_AUTHORITY_HOST",
                                           "AZURE_POD_IDENTITY_AUTHORITY_HOST",
                                           "IDENTITY_ENDPOINT",
                                           "IDENTITY_HEADER"};
};

TEST_F(DefaultCredentialTest, PrefersTheSecretThenTheCertificateThenTheFederatedToken) {
  const TestCertificate certificate;
  set({{"AZURE_TENANT_ID", "tenant"},
       {"AZURE_CLIENT_ID", "app"},
       {"AZURE_CLIENT_SECRET", "secret"},
       {"AZURE_CLIENT_CERTIFICATE_PATH", write("c.pem", certificate.pem("pw"))},
       {"AZURE_CLIENT_CERTIFICATE_PASSWORD", "pw"},
       {"AZURE_FEDERATED_TOKEN_FILE", write("federated", "a.b.c")}});
  transport->on("POST", endpoint_, token_answer("one"));
  EXPECT_EQ(default_token(), "one");
  EXPECT_EQ(sent("client_secret"), "secret");
  ::unsetenv("AZURE_CLIENT_SECRET");
  transport->on("POST", endpoint_, token_answer("two"));
  EXPECT_EQ(default_token(), "two");
  EXPECT_GT(sent("client_assertion").size(), 100U);
  ::unsetenv("AZURE_CLIENT_CERTIFICATE_PATH");
  transport->on("POST", endpoint_, token_answer("three"));
  EXPECT_EQ(default_token(), "three");
  EXPECT_EQ(sent("client_assertion"), "a.b.c");
}

TEST_F(DefaultCredentialTest, EndsWithTheIdentityOfTheMachine) {
  set({{"AZURE_CLIENT_ID", "mine"}});
  transport->on("GET", kMetadata, empty_response(400))
      .on("GET",
          kMetadata + std::string("?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.azure.com%2F"
                                  "&client_id=mine"),
          token_answer("t"));
  EXPECT_EQ(default_token(), "t");
}

TEST_F(DefaultCredentialTest, DoesNotProbeAppService) {
  set({{"IDENTITY_ENDPOINT", "http://127.0.0.1:1/msi"}, {"IDENTITY_HEADER", "h"}});
  transport->on("GET", "http://127.0.0.1:1/msi?api-version=2019-08-01&resource=https%3A%2F%2Fmanagement.azure.com%2F",
                token_answer("t"));
  EXPECT_EQ(default_token(), "t");
}

TEST_F(DefaultCredentialTest, NamesPerStepWhatIsLacking) {
  set({{"AZURE_TENANT_ID", "tenant"}});
  nothing_at_the_metadata_address();
  EXPECT_EQ(message_of<AuthenticationError>([&] { default_token(); }),
            "no way to sign in is set up:"
            "\n  environment: AZURE_CLIENT_ID, AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH not set"
            "\n  workload identity: AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE not set"
            "\n  managed identity: no metadata service answers at http://169.254.169.254");
}

TEST_F(DefaultCredentialTest, DoesNotGoOnWhenTheSecretIsWrong) {
  set({{"AZURE_TENANT_ID", "tenant"}, {"AZURE_CLIENT_ID", "app"}, {"AZURE_CLIENT_SECRET", "wr0ng"}});
  transport->on("POST", endpoint_,
                json_response(401, R"({"error":"invalid_client","error_description":"AADSTS7000215: Invalid."})"));
  EXPECT_EQ(message_of<AuthenticationError>([&] { default_token(); }),
            "environment: service principal app could not sign in to tenant tenant: AADSTS7000215: Invalid.");
}

TEST_F(DefaultCredentialTest, RefusesACertificateFileThatIsOfNoUse) {
  set({{"AZURE_TENANT_ID", "tenant"},
       {"AZURE_CLIENT_ID", "app"},
       {"AZURE_CLIENT_CERTIFICATE_PATH", (folder / "none.pem").string()}});
  EXPECT_THAT(message_of<InvalidArgument>([&] { make_default_credential(options()); }), HasSubstr("none.pem"));
}

TEST_F(DefaultCredentialTest, AsksTheAuthorityThatTheVariableNames) {
  set({{"AZURE_TENANT_ID", "tenant"},
       {"AZURE_CLIENT_ID", "app"},
       {"AZURE_CLIENT_SECRET", "secret"},
       {"AZURE_AUTHORITY_HOST", "https://login.chinacloudapi.cn/"}});
  transport->on("POST", "https://login.chinacloudapi.cn/tenant/oauth2/v2.0/token", token_answer("t"));
  EXPECT_EQ(default_token(), "t");
}

}  // namespace
}  // namespace batchai::test
