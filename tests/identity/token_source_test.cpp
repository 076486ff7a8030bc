#include "batchai/core/cloud.hpp"
#include "identity/identity_fixture.hpp"

#include <atomic>
#include <latch>
#include <thread>

namespace batchai::test {
namespace {

using TokenSourceTest = IdentityTest;

TEST_F(TokenSourceTest, AsksOnceForThreadsThatNeedATokenTogether) {
  constexpr int kThreads = 8;
  std::latch together(kThreads);
  transport->on("POST", "https://login.microsoftonline.com/tenant/oauth2/v2.0/token", token_answer("shared"));
  ClientSecretCredential signer("tenant", "app", "secret", options());
  std::atomic<int> served = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      together.arrive_and_wait();
      served += token(signer) == "shared" ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(served, kThreads);
  EXPECT_EQ(transport->requests().size(), 1U);
}

TEST_F(TokenSourceTest, KeepsTheTokensOfResourcesApart) {
  const std::string endpoint = "https://login.microsoftonline.com/tenant/oauth2/v2.0/token";
  transport->on("POST", endpoint, token_answer("one")).on("POST", endpoint, token_answer("two"));
  ClientSecretCredential signer("tenant", "app", "secret", options());
  EXPECT_EQ(signer.get_token({"https://one.example"}, {}).token, Secret("one"));
  EXPECT_EQ(signer.get_token({"https://two.example"}, {}).token, Secret("two"));
  EXPECT_EQ(signer.get_token({"https://one.example"}, {}).token, Secret("one"));
}

TEST_F(TokenSourceTest, SignsInToEveryCloudAndToAuthoritiesOfOnesOwnWithoutAskingAnyoneElse) {
  const std::vector<std::pair<std::string, std::string>> authorities = {
      {find_cloud("AzureCloud").authority, "https://login.microsoftonline.com/tenant/oauth2/v2.0/token"},
      {find_cloud("AzureChinaCloud").authority, "https://login.chinacloudapi.cn/tenant/oauth2/v2.0/token"},
      {find_cloud("AzureUSGovernment").authority, "https://login.microsoftonline.us/tenant/oauth2/v2.0/token"},
      {"https://sts.example.com:8443/base/", "https://sts.example.com:8443/base/tenant/oauth2/v2.0/token"},
      {"http://127.0.0.1:10010", "http://127.0.0.1:10010/tenant/oauth2/v2.0/token"}};
  for (const auto& [authority, endpoint] : authorities) {
    transport->on("POST", endpoint, token_answer("t"));
    CredentialOptions there = options();
    there.authority = authority;
    ClientSecretCredential signer("tenant", "app", "secret", there);
    EXPECT_EQ(token(signer), "t") << authority;
  }
  EXPECT_EQ(transport->requests().size(), authorities.size());
}

TEST_F(TokenSourceTest, AReadyTokenIsGivenAsItIs) {
  StaticTokenCredential ready(Secret("given"));
  EXPECT_EQ(token(ready), "given");
  EXPECT_EQ(token(ready, true), "given");
}

}  // namespace
}  // namespace batchai::test
