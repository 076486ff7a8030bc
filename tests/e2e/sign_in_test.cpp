#include "e2e/service.hpp"
#include "signing/jwt.hpp"
#include "support/test_certificate.hpp"

#include <chrono>
#include <fstream>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The service's own principal, signing in otherwise than by its secret.
class SignIn : public ServiceTest {
 protected:
  void SetUp() override {
    start_service();
    service_ = endpoints();
    for (const auto& [variable, member] :
         std::map<std::string, std::string>{{"AZURE_AUTHORITY_HOST", "managementEndpoint"},
                                            {"BATCHAI_RESOURCE_MANAGER_ENDPOINT", "managementEndpoint"},
                                            {"BATCHAI_CA_BUNDLE", "caBundle"}}) {
      environment_[variable] = service_.at(member);
    }
  }

  std::filesystem::path registrations() const {
    return data_folder() / "principals" / service_.at("clientId").get<std::string>();
  }
  void register_file(const std::string& kind, const std::string& name, const std::string& content) const {
    std::filesystem::create_directories(registrations() / kind);
    std::ofstream(registrations() / kind / name) << content;
  }
  ProcessResult login(const std::vector<std::string>& proof, const std::string& input = {}) const {
    return batchai(std::vector<std::string>{"login", "--profile", "robot", "--service-principal", "-u",
                                            service_.at("clientId"), "-t", service_.at("tenantId")} +
                       proof,
                   input);
  }
  /// Signs in, and lets a further command sign in anew with the profile alone.
  void expect_works(const std::vector<std::string>& proof, const std::string& input = {}) const {
    const ProcessResult signed_in = login(proof, input);
    ASSERT_EQ(signed_in.exit_code, 0) << signed_in.err;
    EXPECT_TRUE(std::filesystem::remove(folder_.path() / "config" / "tokens.json"));
    const ProcessResult listed = batchai({"group", "list", "--profile", "robot"});
    EXPECT_EQ(listed.exit_code, 0) << listed.err;
    EXPECT_THAT(listed.out, HasSubstr("batchaiautostorage"));
    const ProcessResult shares = batchai({"files", "share", "list", "--profile", "robot"});
    EXPECT_EQ(shares.exit_code, 0) << shares.err;
  }

  nlohmann::json service_;
  TestCertificate certificate_;
};

TEST_F(SignIn, WithARegisteredCertificateInEveryForm) {
  register_file("certificates", "robot.pem", certificate_.certificate_pem());
  expect_works({"--certificate", write_file("plain.pem", certificate_.pem())});
  expect_works({"--certificate", write_file("encrypted.pem", certificate_.pem("pass word")), "-p", "-"}, "pass word\n");
  expect_works({"--certificate", write_file("robot.p12", certificate_.pkcs12("pass word")), "-p", "-"}, "pass word\n");
  const nlohmann::json shown = batchai_json({"account", "show", "--profile", "robot"});
  EXPECT_EQ(shown.at("user").at("name"), service_.at("clientId"));
}

TEST_F(SignIn, OpensFilesWithoutTheAccountsKey) {
  const ProcessResult signed_in = login({"-p", "-"}, service_.at("clientSecret").get<std::string>() + "\n");
  ASSERT_EQ(signed_in.exit_code, 0) << signed_in.err;
  const std::string folder = (folder_.path() / "back").string();
  const std::vector<std::string> by_token = {"--profile", "robot",          "--auth-mode",
                                             "login",     "--account-name", service_.at("storageAccount")};
  environment_["BATCHAI_FILES_ENDPOINT"] = service_.at("filesEndpoint");
  batchai_ok(std::vector<std::string>{"files", "share", "create", "-n", "demo"} + by_token);
  batchai_ok(std::vector<std::string>{"files", "upload", write_file("f", "by token").string(), "demo/d/f"} + by_token);
  batchai_ok(std::vector<std::string>{"files", "copy", "-r", "demo/d/", "demo/e"} + by_token);
  batchai_ok(std::vector<std::string>{"files", "download", "-r", "demo", folder} + by_token);
  EXPECT_EQ(batchai(std::vector<std::string>{"files", "cat", "demo/e/f"} + by_token).out, "by token");
  const ProcessResult url = batchai(std::vector<std::string>{"files", "url", "demo/d/f"} + by_token);
  EXPECT_EQ(url.exit_code, 2);
  EXPECT_THAT(url.err, HasSubstr("can be made with the account key only"));
}

TEST_F(SignIn, CountsARegistrationFromWhenItIsThereUntilItIsGone) {
  const std::string file = write_file("robot.pem", certificate_.pem());
  ProcessResult refused = login({"--certificate", file});
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_THAT(refused.err, HasSubstr("AADSTS700027"));
  register_file("certificates", "robot.pem", certificate_.certificate_pem());
  expect_works({"--certificate", file});
  std::filesystem::remove(registrations() / "certificates" / "robot.pem");
  EXPECT_EQ(login({"--certificate", file}).exit_code, 4);
}

TEST_F(SignIn, IsRefusedWithTheKeyOfAnotherCertificate) {
  register_file("certificates", "robot.pem", certificate_.certificate_pem());
  const TestCertificate other;
  const ProcessResult result = login({"--certificate", write_file("other.pem", other.pem())});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("AADSTS700027"));
  EXPECT_THAT(result.err, HasSubstr(service_.at("clientId").get<std::string>()));
}

TEST_F(SignIn, WithTheTokenOfARegisteredIdentityProvider) {
  const auto key = signing::RsaPrivateKey::generate();
  const signing::RsaNumbers numbers = key.public_key().numbers();
  const nlohmann::json jwk = {{"kty", "RSA"}, {"kid", "k"}, {"n", numbers.n}, {"e", numbers.e}};
  register_file("federated", "pipeline.json",
                nlohmann::json{{"issuer", "https://issuer.example"},
                               {"subject", "pipeline"},
                               {"audiences", {"api://AzureADTokenExchange"}},
                               {"jwks", {{"keys", nlohmann::json::array({jwk})}}}}
                    .dump());
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  nlohmann::json claims = {{"iss", "https://issuer.example"},
                           {"sub", "pipeline"},
                           {"exp", now + 600},
                           {"aud", "api://AzureADTokenExchange"}};
  expect_works({"--federated-token-file", write_file("token", signing::sign_jwt({{"kid", "k"}}, claims, key))});
  claims["sub"] = "somebody else";
  const ProcessResult refused =
      login({"--federated-token-file", write_file("token", signing::sign_jwt({{"kid", "k"}}, claims, key))});
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_THAT(refused.err, HasSubstr("AADSTS700213"));
}

TEST_F(SignIn, NamesABrokenRegistrationInTheLogOfTheService) {
  register_file("certificates", "broken.pem", "rubbish");
  register_file("certificates", "robot.pem", certificate_.certificate_pem());
  expect_works({"--certificate", write_file("robot.pem", certificate_.pem())});
  std::ifstream log(data_folder() / "log" / "server.log");
  const std::string text((std::istreambuf_iterator<char>(log)), {});
  EXPECT_THAT(text, HasSubstr((registrations() / "certificates" / "broken.pem").string()));
  EXPECT_THAT(text, Not(HasSubstr("rubbish")));
}

}  // namespace
}  // namespace batchai::test
