#pragma once

#include "batchai/core/credential.hpp"

#include <atomic>
#include <string>

namespace batchai::test {

/// Gives the tokens `token-1`, `token-2`, …: a new one whenever a fresh one is asked for. Thread-safe.
class FakeCredential final : public TokenCredential {
 public:
  AccessToken get_token(const TokenRequest& request, const CallContext&) override {
    if (request.force_refresh || count_ == 0) {
      ++count_;
    }
    return {.token = Secret("token-" + std::to_string(count_)), .expires_on = Timestamp::max()};
  }

 private:
  std::atomic<int> count_ = 0;
};

}  // namespace batchai::test
