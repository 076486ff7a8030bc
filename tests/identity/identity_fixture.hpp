#pragma once

#include "batchai/core/error.hpp"
#include "batchai/identity/credentials.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_transport.hpp"
#include "support/temporary_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::test {

inline constexpr const char* kResource = "https://management.azure.com/";

/// Credentials over a scripted authority, with a folder of their own.
class IdentityTest : public ::testing::Test {
 protected:
  static HttpResponse token_answer(const std::string& token, int lasts = 3599) {
    return json_response(200, R"({"token_type":"Bearer","expires_in":)" + std::to_string(lasts) +
                                  R"(,"access_token":")" + token + "\"}");
  }
  CredentialOptions options() const { return {.client = {.transport = transport, .clock = clock}}; }
  static std::string token(TokenCredential& from, bool force = false) {
    const AccessToken got = from.get_token({.resource = kResource, .force_refresh = force}, {});
    return got.token.reveal();
  }
  std::filesystem::path write(const std::string& name, const std::string& content) const {
    std::ofstream(folder / name, std::ios::binary) << content;
    return folder / name;
  }
  /// The value of a field of the last request's form.
  std::string sent(const std::string& name) const {
    Url form = Url::parse("https://form");
    form.set_query(transport->last_request().body);
    for (const auto& [key, value] : form.query_parameters()) {
      if (key == name) {
        return value;
      }
    }
    return {};
  }
  /// What a call that has to fail says.
  template <class Failure>
  static std::string message_of(const std::function<void()>& call) {
    try {
      call();
    } catch (const Failure& error) {
      return error.what();
    }
    ADD_FAILURE() << "it did not fail";
    return {};
  }

  TemporaryFolder folder;
  std::shared_ptr<FakeTransport> transport = std::make_shared<FakeTransport>();
  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
};

}  // namespace batchai::test
