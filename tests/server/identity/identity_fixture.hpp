#pragma once

#include "server/http/router.hpp"
#include "server/identity/identity_routes.hpp"
#include "signing/random_bytes.hpp"
#include "support/fake_clock.hpp"
#include "support/memory_store.hpp"
#include "support/temporary_folder.hpp"

#include <memory>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace batchai::server::test {

inline constexpr const char* kTenant = "11111111-2222-3333-4444-555555555555";
inline constexpr const char* kSecret = "right~secret.value";

/// Making a key is slow: one for all tests of the process.
inline const SigningKey& test_signing_key() {
  static const SigningKey key{signing::RsaPrivateKey::generate(), "test-key"};
  return key;
}

/// An authority with one principal, asked through its routes without a socket.
class IdentityFixture : public ::testing::Test {
 protected:
  IdentityFixture() {
    principals_.add_secret(principal_.app_id, Secret(kSecret), clock_->now() + std::chrono::hours(1));
  }

  Response send(const std::string& method, const std::string& path, const std::string& body = {}, Headers headers = {},
                std::vector<std::pair<std::string, std::string>> parameters = {}) {
    const RouteMatch match = router_.find(method, path);
    EXPECT_NE(match.handler, nullptr) << method << " " << path;
    Request request{.method = method, .target = path, .path = path, .headers = std::move(headers), .body = body};
    request.parameters = std::move(parameters);
    request.request_id = "99999999-0000-0000-0000-000000000001";
    return match.handler == nullptr ? Response{} : (*match.handler)(request, match.parameters);
  }

  std::string form(const std::string& secret = kSecret,
                   const std::string& audience = "scope=https%3A%2F%2Fmanagement.azure.com%2F.default") const {
    return "grant_type=client_credentials&client_id=" + principal_.app_id + "&client_secret=" + secret + "&" + audience;
  }

  batchai::test::TemporaryFolder folder_;
  std::vector<std::string> warnings_;
  std::shared_ptr<batchai::test::FakeClock> clock_ = std::make_shared<batchai::test::FakeClock>();
  MemoryStore store_;
  Principals principals_{store_};
  Principal principal_ = principals_.create("tester");
  AccessTokens tokens_{test_signing_key(), kTenant, clock_};
  IdentityOptions options_{
      .public_url = "https://127.0.0.1:8443",
      .audiences = {"https://management.azure.com", "https://management.core.windows.net/", "https://127.0.0.1:8443"},
      .clock = clock_,
      .principals_folder = folder_ / "principals",
      .warn = [this](const std::string& line) { warnings_.push_back(line); }};
  Router router_ = [this] {
    Router router;
    router.add(identity_routes(options_, tokens_, principals_));
    return router;
  }();
};

}  // namespace batchai::server::test
