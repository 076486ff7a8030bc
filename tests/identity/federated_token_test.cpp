#include "identity/identity_fixture.hpp"

namespace batchai::test {
namespace {

using ::testing::HasSubstr;

constexpr const char* kEndpoint = "https://login.microsoftonline.com/tenant/oauth2/v2.0/token";

class FederatedTokenTest : public IdentityTest {
 protected:
  FederatedTokenCredential credential() { return {"tenant", "app", folder / "token", options()}; }
};

TEST_F(FederatedTokenTest, PassesOnWhatTheFileHoldsAtEachRequest) {
  auto signer = credential();
  transport->on("POST", kEndpoint, token_answer("one")).on("POST", kEndpoint, token_answer("two"));
  write("token", "first.jwt.text\n");
  EXPECT_EQ(token(signer), "one");
  EXPECT_EQ(sent("client_assertion"), "first.jwt.text");
  EXPECT_EQ(sent("client_assertion_type"), "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  EXPECT_EQ(sent("client_id"), "app");
  EXPECT_EQ(sent("scope"), "https://management.azure.com//.default");
  write("token", "second.jwt.text");
  EXPECT_EQ(token(signer), "one") << "a token that lasts needs no request";
  EXPECT_EQ(token(signer, true), "two");
  EXPECT_EQ(sent("client_assertion"), "second.jwt.text");
}

TEST_F(FederatedTokenTest, SaysWhichFileIsMissingOrEmptyAndWorksOnceItIsThere) {
  auto signer = credential();
  const std::string file = (folder / "token").string();
  EXPECT_EQ(message_of<AuthenticationError>([&] { token(signer); }), "there is no federated token file '" + file + "'");
  write("token", " \n");
  EXPECT_EQ(message_of<AuthenticationError>([&] { token(signer); }),
            "the federated token file '" + file + "' is empty");
  write("token", "a.b.c");
  transport->on("POST", kEndpoint, token_answer("t"));
  EXPECT_EQ(token(signer), "t");
}

TEST_F(FederatedTokenTest, NeedsAFileName) {
  EXPECT_THAT(message_of<InvalidArgument>([&] { FederatedTokenCredential("tenant", "app", "", options()); }),
              HasSubstr("federated token file"));
}

}  // namespace
}  // namespace batchai::test
