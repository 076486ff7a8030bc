#pragma once

#include "server/identity/identity_fixture.hpp"
#include "signing/encoding.hpp"
#include "signing/jwt.hpp"
#include "support/test_certificate.hpp"

#include <fstream>

#include <gmock/gmock.h>

namespace batchai::server::test {

/// An authority that clients show assertions to, with a folder of registrations.
class AssertionFixture : public IdentityFixture {
 protected:
  static constexpr std::int64_t kNow = 1'528'406'181;

  std::filesystem::path registration(const std::string& name) const {
    return options_.principals_folder / principal_.app_id / name;
  }
  /// `name` as `certificates/a.pem`.
  void register_file(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories(registration(name).parent_path());
    std::ofstream(registration(name), std::ios::binary) << content;
  }

  Response show(const std::string& assertion,
                const std::string& path = std::string("/") + kTenant + "/oauth2/v2.0/token") {
    return send("POST", path,
                "grant_type=client_credentials&client_id=" + principal_.app_id +
                    "&scope=https%3A%2F%2Fmanagement.azure.com%2F.default"
                    "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
                    "&client_assertion=" +
                    assertion);
  }
  void expect_granted(const std::string& assertion) {
    const Response response = show(assertion);
    ASSERT_EQ(response.status, 200) << response.body;
    const auto token = signing::Jwt::parse(nlohmann::json::parse(response.body).at("access_token").get<std::string>());
    EXPECT_EQ(token->claim_text("appid"), principal_.app_id);
    EXPECT_EQ(token->claim_text("appidacr"), "2");
  }
  /// Gives the text of the refusal.
  std::string expect_refused(const std::string& assertion, int aadsts, int status = 401,
                             const std::string& error = "invalid_client") {
    const Response response = show(assertion);
    EXPECT_EQ(response.status, status);
    const auto json = nlohmann::json::parse(response.body);
    EXPECT_EQ(json.value("error", ""), error);
    EXPECT_EQ(json.value("error_codes", nlohmann::json()), nlohmann::json::array({aadsts}));
    EXPECT_THAT(response.body, ::testing::Not(::testing::HasSubstr(assertion.empty() ? "-" : assertion)));
    return json.value("error_description", "");
  }

  /// A token with any header and a signature that is none.
  static std::string forged(const nlohmann::json& header, const nlohmann::json& claims, const std::string& signature) {
    return signing::base64url_encode(header.dump()) + "." + signing::base64url_encode(claims.dump()) + "." +
           signing::base64url_encode(signature);
  }
};

}  // namespace batchai::server::test
