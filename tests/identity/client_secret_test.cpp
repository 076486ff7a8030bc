#include "identity/identity_fixture.hpp"

#include <thread>

#include <sys/stat.h>

namespace batchai::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

const char* const kEndpoint = "https://login.microsoftonline.com/ten%20ant/oauth2/v2.0/token";

class ClientSecretTest : public IdentityTest {
 protected:
  ClientSecretCredential credential(const std::string& secret = "s&cret") {
    CredentialOptions cached = options();
    cached.token_cache_file = cache;
    return {"ten ant", "app", secret, cached};
  }

  std::filesystem::path cache = folder.path() / "inner" / "tokens.json";
};

TEST_F(ClientSecretTest, PostsTheClientCredentialsGrant) {
  transport->on("POST", kEndpoint, token_answer("t"));
  auto signer = credential();
  EXPECT_EQ(token(signer), "t");
  EXPECT_EQ(transport->last_request().body,
            "grant_type=client_credentials&client_id=app&scope=https%3A%2F%2Fmanagement.azure.com%2F%2F.default"
            "&client_secret=s%26cret");
  EXPECT_EQ(transport->last_request().headers.get("Content-Type"), "application/x-www-form-urlencoded");
}

TEST_F(ClientSecretTest, UsesATokenUntilFiveMinutesBeforeItExpires) {
  transport->on("POST", kEndpoint, token_answer("first", 3600));
  auto signer = credential();
  EXPECT_EQ(token(signer), "first");
  clock->advance(3299s);
  EXPECT_EQ(token(signer), "first");
  clock->advance(1s);
  transport->on("POST", kEndpoint, token_answer("second"));
  EXPECT_EQ(token(signer), "second");
}

TEST_F(ClientSecretTest, FindsTheTokenThatAnotherProcessGot) {
  transport->on("POST", kEndpoint, token_answer("shared"));
  auto first = credential();
  token(first);
  auto second = credential();
  EXPECT_EQ(token(second), "shared");
}

TEST_F(ClientSecretTest, AsksAgainWhenForced) {
  transport->on("POST", kEndpoint, token_answer("stale")).on("POST", kEndpoint, token_answer("fresh"));
  auto signer = credential();
  token(signer);
  EXPECT_EQ(token(signer, true), "fresh");
  EXPECT_EQ(token(signer), "fresh");
}

TEST_F(ClientSecretTest, DoesNotUseATokenThatAnotherSecretGot) {
  transport->on("POST", kEndpoint, token_answer("good"));
  auto right = credential("right");
  token(right);
  transport->on("POST", kEndpoint, json_response(401, R"({"error":"invalid_client"})"));
  auto wrong = credential("wrong");
  EXPECT_THROW(token(wrong), AuthenticationError);
}

TEST_F(ClientSecretTest, DoesNotUseATokenThatAnotherClientGotOrAnotherTenantGave) {
  CredentialOptions cached = options();
  cached.token_cache_file = cache;
  const std::string other = "https://login.microsoftonline.com/other/oauth2/v2.0/token";
  transport->on("POST", kEndpoint, token_answer("first"));
  transport->on("POST", kEndpoint, token_answer("second"));
  transport->on("POST", other, token_answer("third"));
  ClientSecretCredential first("ten ant", "app", "s", cached);
  ClientSecretCredential second("ten ant", "another", "s", cached);
  ClientSecretCredential third("other", "app", "s", cached);
  EXPECT_EQ(token(first), "first");
  EXPECT_EQ(token(second), "second");
  EXPECT_EQ(token(third), "third");
  EXPECT_EQ(token(first), "first");
}

TEST_F(ClientSecretTest, KeepsTheCacheToItsOwner) {
  transport->on("POST", kEndpoint, token_answer("t"));
  auto signer = credential();
  token(signer);
  struct stat facts {};
  ASSERT_EQ(::stat(cache.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  ASSERT_EQ(::stat(cache.parent_path().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0700U);
  std::ifstream file(cache);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  EXPECT_THAT(text, Not(HasSubstr("s&cret")));
}

TEST_F(ClientSecretTest, TakesADamagedCacheAsEmpty) {
  std::filesystem::create_directories(cache.parent_path());
  std::ofstream(cache) << "{\"half";
  transport->on("POST", kEndpoint, token_answer("t"));
  auto signer = credential();
  EXPECT_EQ(token(signer), "t");
}

TEST_F(ClientSecretTest, LosesNoEntryWhenManySignInAtOnce) {
  for (int i = 0; i < 8; ++i) {
    transport->on("POST", kEndpoint, token_answer("t"));
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, i] {
      auto signer = credential("secret " + std::to_string(i));
      token(signer);
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  for (int i = 0; i < 8; ++i) {
    auto later = credential("secret " + std::to_string(i));
    EXPECT_EQ(token(later), "t") << i;  // an entry that got lost would need a request, and there is none left
  }
}

TEST_F(ClientSecretTest, SaysWhoWasRefusedAndWhyWithoutTheSecret) {
  transport->on("POST", kEndpoint,
                json_response(401, R"({"error":"invalid_client","error_description":)"
                                   R"("AADSTS7000215: Invalid client secret.\r\nTrace ID: 1"})"));
  auto signer = credential();
  try {
    token(signer);
    FAIL();
  } catch (const AuthenticationError& error) {
    EXPECT_EQ(error.code(), "AADSTS7000215");
    EXPECT_STREQ(error.what(),
                 "service principal app could not sign in to tenant ten ant: AADSTS7000215: Invalid client secret.");
  }
}

TEST_F(ClientSecretTest, RefusesAnAnswerWithoutToken) {
  transport->on("POST", kEndpoint, json_response(200, R"({"expires_in":3599})"))
      .on("POST", kEndpoint, json_response(200, "<html>"));
  auto signer = credential();
  EXPECT_THROW(token(signer), ProtocolError);
  EXPECT_THROW(token(signer), ProtocolError);
}

TEST_F(ClientSecretTest, TakesATokenFromASuccessfulAnswerOnly) {
  for (const int status : {203, 302, 304, 401}) {
    HttpResponse response = token_answer("t");
    response.status = status;
    transport->on("POST", kEndpoint, response);
    auto signer = credential();
    EXPECT_THROW(token(signer), AuthenticationError) << status;
  }
}

TEST_F(ClientSecretTest, NeedsATenantAClientAndASecret) {
  EXPECT_THAT(message_of<InvalidArgument>([&] { ClientSecretCredential("", "c", "s", options()); }),
              HasSubstr("a tenant, but it is empty"));
  EXPECT_THAT(message_of<InvalidArgument>([&] { ClientSecretCredential("t", "", "s", options()); }),
              HasSubstr("a client id, but it is empty"));
  EXPECT_THAT(message_of<InvalidArgument>([&] { ClientSecretCredential("t", "c", "", options()); }),
              HasSubstr("secret"));
}

TEST_F(ClientSecretTest, SendsNoSecretUnencryptedOffThisMachine) {
  const CredentialOptions options{.authority = "http://login.example.com", .client = {.transport = transport}};
  EXPECT_THROW(ClientSecretCredential("t", "c", "s", options), InvalidArgument);
}

}  // namespace
}  // namespace batchai::test
