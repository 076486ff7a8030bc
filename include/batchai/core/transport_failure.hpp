#pragma once

#include "batchai/core/error.hpp"
#include "batchai/version.hpp"

#include <string>

BATCHAI_NAMESPACE_BEGIN

/// How far an exchange with a peer got that did not end with a complete answer.
enum class TransportFailure {
  /// No connection: refused, or no route.
  Unreachable,
  /// No address is known for the host's name.
  UnknownHost,
  TimedOut,
  /// The peer hung up before it answered.
  Disconnected,
  /// The peer does not speak TLS, but the URL says https.
  NoTls,
  /// The peer refused the TLS handshake, or its certificate is not trusted.
  Tls,
  /// The answer is not HTTP.
  NoHttp,
  /// The answer began, and its body was cut off or broken.
  BrokenAnswer,
  /// The proxy on the way there could not be reached, or refused.
  Proxy
};

/// A TransportError that knows its cause: what the network transport throws.
class FailedExchange : public TransportError {
 public:
  /// `reason` is appended to `no answer from ENDPOINT: `, for a BrokenAnswer to `the answer of ENDPOINT is broken: `.
  FailedExchange(const std::string& endpoint, const std::string& reason, TransportFailure failure);
  /// What went wrong with the connection.
  [[nodiscard]] TransportFailure failure() const noexcept { return failure_; }

 private:
  TransportFailure failure_;
};

/// The cause; Unreachable for an error that does not know it.
[[nodiscard]] TransportFailure failure_of(const TransportError& error) noexcept;

BATCHAI_NAMESPACE_END
