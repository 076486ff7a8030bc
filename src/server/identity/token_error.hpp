#pragma once

#include "batchai/core/time.hpp"
#include "server/http/message.hpp"

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

namespace batchai::server {

/// A refusal of the token endpoint: OAuth's error (RFC 6749 5.2) and the code that Microsoft's identity platform adds.
class TokenError : public std::runtime_error {
 public:
  /// `aadsts` is the number behind `AADSTS`.
  TokenError(int status, std::string error, int aadsts, const std::string& message,
             std::optional<std::chrono::seconds> retry_after = {})
      : std::runtime_error(message),
        status_(status),
        error_(std::move(error)),
        aadsts_(aadsts),
        retry_after_(retry_after) {}

  int status() const noexcept { return status_; }
  const std::string& error() const noexcept { return error_; }
  int aadsts() const noexcept { return aadsts_; }
  /// For a Retry-After field.
  std::optional<std::chrono::seconds> retry_after() const noexcept { return retry_after_; }

 private:
  int status_;
  std::string error_;
  int aadsts_;
  std::optional<std::chrono::seconds> retry_after_;
};

/// What an error document names besides the error.
struct TokenErrorSetting {
  /// Base of the authority, for `error_uri`.
  std::string authority;
  std::string trace_id;
  std::string correlation_id;
  Timestamp now;
};

Response token_error_response(const TokenError& error, const TokenErrorSetting& setting);

}  // namespace batchai::server
