#include "cli/cli_fixture.hpp"
#include "support/test_certificate.hpp"

#include <sys/stat.h>

namespace batchai::cli::test {
namespace {

using batchai::test::empty_response;
using batchai::test::json_response;
using batchai::test::TestCertificate;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

/// Ways to sign in other than by secret; that one is in settings_test.cpp.
class LoginKinds : public CliTest {
 protected:
  LoginKinds() {
    variables_.erase("BATCHAI_ACCESS_TOKEN");
    variables_.erase("AZURE_SUBSCRIPTION_ID");
  }
  static std::vector<std::string> words(const std::vector<std::string>& more) {
    std::vector<std::string> all = {"login", "--service-principal", "-u", "app", "-t", "tenant"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  /// The next token request has to hold `assertion`; `t` is the answer.
  void expect_assertion(const std::string& assertion) {
    transport_->on_call("POST", token_url_, [assertion](const HttpRequest& request, const CallContext&) {
      EXPECT_THAT(request.body, HasSubstr("client_assertion=" + assertion));
      EXPECT_THAT(request.body, Not(HasSubstr("client_secret")));
      return json_response(200, kToken);
    });
  }
  void expect_subscription() {
    transport_->on("GET", "https://management.azure.com/subscriptions?api-version=2019-11-01",
                   json_response(200, R"({"value":[{"subscriptionId":"sub","tenantId":"tid","displayName":"d"}]})"));
  }
  void expect_groups() {
    transport_->on("GET", "https://management.azure.com/subscriptions/sub/resourcegroups?api-version=2021-04-01",
                   json_response(200, R"({"value":[]})"));
  }
  std::filesystem::path profile() const { return folder_ / "config" / "profiles" / "default.ini"; }
  /// The next command has to ask for a token again.
  void forget_tokens() const { std::filesystem::remove(folder_ / "config" / "tokens.json"); }

  static constexpr const char* kToken = R"({"token_type":"Bearer","expires_in":3600,"access_token":"t"})";
  const std::string token_url_ = "https://login.microsoftonline.com/tenant/oauth2/v2.0/token";
  const std::string metadata_url_ =
      "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01"
      "&resource=https%3A%2F%2Fmanagement.core.windows.net%2F";
};

TEST_F(LoginKinds, ACertificateIsRememberedByItsPlace) {
  const TestCertificate certificate;
  const std::string file = write_file("robot.pem", certificate.pem());
  expect_assertion("ey");
  expect_subscription();
  const Outcome outcome = run(words({"--certificate", std::filesystem::relative(file).string()}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::string kept = read(profile());
  EXPECT_THAT(kept, HasSubstr("kind = certificate\n"));
  EXPECT_THAT(kept, HasSubstr("certificate = " + file + "\n"));
  EXPECT_THAT(kept, Not(HasSubstr("PRIVATE KEY")));
  EXPECT_THAT(kept, Not(HasSubstr("client_secret")));
  struct stat info {};
  ASSERT_EQ(::stat(profile().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  forget_tokens();
  expect_assertion("ey");
  expect_groups();
  EXPECT_EQ(run({"group", "list"}).exit_code, 0);
  const json shown = json::parse(run({"account", "show"}).out);
  EXPECT_EQ(shown.at("user"), json({{"name", "app"}, {"type", "servicePrincipal"}}));
  EXPECT_EQ(shown.at("isDefault"), true);
}

TEST_F(LoginKinds, ThePasswordOfACertificateComesWithDashP) {
  const TestCertificate certificate;
  for (const std::string& content : {certificate.pem("s3cret"), certificate.pkcs12("s3cret")}) {
    const std::string file = write_file("robot", content);
    input_ = "s3cret\n";
    forget_tokens();
    expect_assertion("ey");
    expect_subscription();
    const Outcome outcome = run(words({"--certificate", file, "-p", "-"}));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("s3cret")));
    input_.clear();
    forget_tokens();
    expect_assertion("ey");
    expect_groups();
    EXPECT_EQ(run({"group", "list"}).exit_code, 0);
  }
}

TEST_F(LoginKinds, ACertificateMayBeNamedByDashPAsInAz) {
  const TestCertificate certificate;
  const std::string file = write_file("home/robot.pem", certificate.pem());
  for (const std::string& given : {file, std::filesystem::relative(file).string(), std::string("~/robot.pem")}) {
    forget_tokens();
    expect_assertion("ey");
    expect_subscription();
    const Outcome outcome = run(words({"-p", given}));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(read(profile()), HasSubstr("certificate = " + file + "\nclient_id = app\n"));
    EXPECT_THAT(read(profile()), HasSubstr("kind = certificate\n"));
  }
  // The file of a secret has to be named as one.
  const std::string secret = write_file("secret.txt", "s3cret");
  const Outcome outcome = run(words({"-p", secret}));
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("the certificate file '" + secret + "': "));
  EXPECT_THAT(outcome.err, HasSubstr("'-p @FILE' reads a secret from a file"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("s3cret")));
}

TEST_F(LoginKinds, ACertificateOfNoUseIsNamedWithoutItsPassword) {
  const TestCertificate certificate;
  const std::string file = write_file("robot.pem", certificate.pem("right"));
  expect_error(
      words({"--certificate", file}), 2,
      "batchai: error: the certificate file '" + file + "': the private key is encrypted, and no password is given");
  input_ = "wr0ng";
  expect_error(
      words({"--certificate", file, "-p", "-"}), 2,
      "batchai: error: the certificate file '" + file + "': the private key cannot be decrypted with this password");
  const std::string none = (folder_ / "none.pem").string();
  expect_error(words({"--certificate", none}), 2, "batchai: error: there is no certificate file '" + none + "'");
  EXPECT_FALSE(std::filesystem::exists(profile()));
}

TEST_F(LoginKinds, ARefusedCertificateIsToldWithTheCode) {
  const TestCertificate certificate;
  transport_->on("POST", token_url_,
                 json_response(401, R"({"error":"invalid_client","error_description":"AADSTS700027: Not known."})"));
  expect_error(words({"--certificate", write_file("robot.pem", certificate.pem())}), 4,
               "batchai: error: service principal app could not sign in to tenant tenant: AADSTS700027: Not known.\n"
               "batchai: hint: check the id and the tenant, and that the certificate is registered there");
}

TEST_F(LoginKinds, AFederatedTokenIsReadAtEachSignIn) {
  const std::string file = write_file("token", "a.b.c\n");
  expect_assertion("a.b.c");
  expect_subscription();
  const Outcome outcome = run(words({"--federated-token-file", file}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(read(profile()), HasSubstr("federated_token_file = " + file + "\nkind = federated-token\n"));
  EXPECT_THAT(read(profile()), Not(HasSubstr("a.b.c")));
  write_file("token", "d.e.f");
  forget_tokens();
  expect_assertion("d.e.f");
  expect_groups();
  EXPECT_EQ(run({"group", "list"}).exit_code, 0);
  std::filesystem::remove(file);
  forget_tokens();
  const Outcome missing = run({"group", "list"});
  EXPECT_EQ(missing.exit_code, 4);
  EXPECT_THAT(missing.err, HasSubstr("there is no federated token file '" + file + "'"));
}

TEST_F(LoginKinds, AManagedIdentityNeedsNothingElse) {
  transport_->on("GET", metadata_url_, json_response(200, kToken));
  expect_subscription();
  const Outcome outcome = run({"login", "--identity"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(json::parse(outcome.out)[0]["tenantId"], "tid");
  EXPECT_THAT(read(profile()), HasSubstr("kind = managed-identity\n"));
  forget_tokens();
  transport_->on("GET", metadata_url_, json_response(200, kToken));
  expect_groups();
  EXPECT_EQ(run({"group", "list"}).exit_code, 0);
  const json shown = json::parse(run({"account", "show"}).out);
  EXPECT_EQ(shown["user"]["name"], "systemAssignedIdentity");
  EXPECT_EQ(shown["user"]["assignedIdentityInfo"], "MSI");
  EXPECT_EQ(shown["name"], "default");
}

TEST_F(LoginKinds, AUserAssignedIdentityIsNamedByItsId) {
  variables_["IDENTITY_ENDPOINT"] = "http://127.0.0.1:41741/msi";
  variables_["IDENTITY_HEADER"] = "h3ader";
  transport_->on("GET",
                 "http://127.0.0.1:41741/msi?api-version=2019-08-01"
                 "&resource=https%3A%2F%2Fmanagement.core.windows.net%2F&client_id=mine",
                 json_response(200, kToken));
  expect_subscription();
  const Outcome outcome = run({"login", "--identity", "-u", "mine"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(transport_->requests().front().headers.get("X-IDENTITY-HEADER"), "h3ader");
  EXPECT_EQ(json::parse(outcome.out)[0]["user"]["assignedIdentityInfo"], "MSIClient-mine");
}

TEST_F(LoginKinds, WhereThereIsNoManagedIdentityThatIsSaid) {
  transport_->on("GET", metadata_url_,
                 json_response(400, R"({"error":"invalid_request","error_description":"Identity not found"})"));
  expect_error({"login", "--identity"}, 4,
               "batchai: error: the managed identity got no token: Identity not found\n"
               "batchai: hint: check that this machine has a managed identity, and -u");
}

TEST_F(LoginKinds, WaysThatExcludeEachOtherAreRefusedInOneLine) {
  const auto refused = [this](const std::vector<std::string>& line, const std::string& one, const std::string& other) {
    expect_error(line, 2, "batchai: error: --" + one + " and --" + other + " exclude each other");
  };
  refused(words({"--certificate", "c", "--federated-token-file", "f"}), "certificate", "federated-token-file");
  refused(words({"--federated-token-file", "f", "-p", "x"}), "federated-token-file", "password");
  refused(words({"--identity"}), "identity", "tenant");
  refused({"login", "--identity", "-p", "x"}, "identity", "password");
  refused({"login", "--identity", "--certificate", "c"}, "identity", "certificate");
  refused({"login", "--identity", "--federated-token-file", "f"}, "identity", "federated-token-file");
}

TEST_F(LoginKinds, WhatIsMissingIsNamed) {
  expect_error({"login", "--service-principal", "--certificate", "c"}, 2,
               "batchai: error: missing: -u/--username, -t/--tenant (see 'batchai login --help')");
  expect_error({"login", "-u", "app", "-t", "tenant"}, 2,
               "batchai: error: only service principals and managed identities can sign in"
               " (add --service-principal, with -u ID -t TENANT and -p SECRET, or --identity)");
}

TEST_F(LoginKinds, ANewWayReplacesTheOldOne) {
  const TestCertificate certificate;
  expect_assertion("ey");
  expect_subscription();
  const std::string file = write_file("robot.pem", certificate.pem("s3cret"));
  input_ = "s3cret";
  EXPECT_EQ(run(words({"--certificate", file, "-p", "-"})).exit_code, 0);
  EXPECT_THAT(read(profile()), HasSubstr("certificate_password = s3cret"));
  transport_->on("POST", token_url_, json_response(200, kToken));
  expect_subscription();
  EXPECT_EQ(run(words({"-p", "-"})).exit_code, 0);
  EXPECT_THAT(read(profile()), HasSubstr("client_secret = s3cret\n"));
  EXPECT_THAT(read(profile()), HasSubstr("kind = secret\n"));
  EXPECT_THAT(read(profile()), Not(HasSubstr("certificate")));
}

TEST_F(LoginKinds, TheEnvironmentMayNameACertificateOrAFederatedToken) {
  const TestCertificate certificate;
  variables_["AZURE_SUBSCRIPTION_ID"] = "sub";
  variables_["AZURE_TENANT_ID"] = "tenant";
  variables_["AZURE_CLIENT_ID"] = "app";
  variables_["AZURE_CLIENT_CERTIFICATE_PATH"] = write_file("robot.p12", certificate.pkcs12("pw"));
  variables_["AZURE_CLIENT_CERTIFICATE_PASSWORD"] = "pw";
  expect_assertion("ey");
  expect_groups();
  EXPECT_EQ(run({"group", "list"}).exit_code, 0);
  variables_.erase("AZURE_CLIENT_CERTIFICATE_PATH");
  variables_["AZURE_FEDERATED_TOKEN_FILE"] = write_file("token", "a.b.c");
  expect_assertion("a.b.c");
  expect_groups();
  EXPECT_EQ(run({"group", "list"}).exit_code, 0);
}

TEST_F(LoginKinds, ANewProfileMayBeNamed) {
  expect_assertion("a.b.c");
  expect_subscription();
  const Outcome outcome = run(words({"--federated-token-file", write_file("token", "a.b.c"), "--profile", "pipeline"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(json::parse(outcome.out)[0]["name"], "pipeline");
  EXPECT_TRUE(std::filesystem::exists(folder_ / "config" / "profiles" / "pipeline.ini"));
}

/// The local service, which is not told to be meant.
class LocalLogin : public LoginKinds {
 protected:
  void expect_local_sign_in() {
    transport_->on("POST", "https://127.0.0.1:10010/tenant/oauth2/v2.0/token", json_response(200, kToken));
    transport_->on("GET", "https://127.0.0.1:10010/subscriptions?api-version=2019-11-01",
                   json_response(200, R"({"value":[{"subscriptionId":"sub","tenantId":"tid","displayName":"d"}]})"));
  }
};

TEST_F(LocalLogin, SignsInWhereTheServiceOfThisMachineIs) {
  for (const char* endpoint : {"https://127.0.0.1:10010", "https://127.0.0.1:10010/"}) {
    variables_["BATCHAI_RESOURCE_MANAGER_ENDPOINT"] = endpoint;
    forget_tokens();
    expect_local_sign_in();
    const Outcome outcome = run(words({"-p", "s3cret"}));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(read(profile()), HasSubstr("authority = https://127.0.0.1:10010"));
  }
}

TEST_F(LocalLogin, SignsInAtThePublicAuthorityForServicesElsewhere) {
  variables_["BATCHAI_RESOURCE_MANAGER_ENDPOINT"] = "https://192.0.2.7";
  transport_->on("POST", token_url_, json_response(200, kToken));
  transport_->on("GET", "https://192.0.2.7/subscriptions?api-version=2019-11-01",
                 json_response(200, R"({"value":[{"subscriptionId":"sub"}]})"));
  EXPECT_EQ(run(words({"-p", "s3cret"})).exit_code, 0);
}

TEST_F(LocalLogin, KnowsTheServiceByItsTenant) {
  write_file("config/profiles/local.ini",
             "[profile]\ntenant = Tenant\nclient_id = own\nclient_secret = x\nauthority = https://127.0.0.1:10010\n"
             "resource_manager = https://127.0.0.1:10010\nfiles_endpoint = https://127.0.0.1:10011\n"
             "ca_bundle = /ca.pem\n");
  expect_local_sign_in();
  const Outcome outcome = run(words({"-p", "s3cret"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "signing in to the local service at https://127.0.0.1:10010\n");
  EXPECT_EQ(transport_options_.ca_bundle, "/ca.pem");
  EXPECT_THAT(read(profile()), HasSubstr("client_id = app\n"));
  EXPECT_THAT(read(profile()), HasSubstr("files_endpoint = https://127.0.0.1:10011\n"));
  // Another tenant is somebody else's, and so is a cloud that is named.
  transport_->on("POST", "https://login.microsoftonline.com/other/oauth2/v2.0/token", json_response(200, kToken));
  expect_subscription();
  EXPECT_EQ(run({"login", "--service-principal", "-u", "app", "-t", "other", "-p", "x"}).exit_code, 0);
  variables_["BATCHAI_CLOUD"] = "AzureCloud";
  forget_tokens();
  transport_->on("POST", token_url_, json_response(200, kToken));
  expect_subscription();
  EXPECT_EQ(run(words({"-p", "s3cret"})).exit_code, 0);
}

TEST_F(LoginKinds, AProfileOfAnUnknownKindIsRefused) {
  write_file("config/profiles/p.ini", "[profile]\nkind = magic\nclient_id = app\nsubscription = sub\n");
  expect_error({"group", "list", "--profile", "p"}, 2,
               "batchai: error: profile 'p': kind 'magic' is not one of secret, certificate, federated-token, "
               "managed-identity");
}

}  // namespace
}  // namespace batchai::cli::test
