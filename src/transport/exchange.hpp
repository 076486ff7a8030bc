#pragma once

#include "batchai/core/transport.hpp"
#include "transport/connection_pool.hpp"

namespace batchai::inline v1 {

struct ExchangeLimits {
  std::chrono::milliseconds timeout;
  /// Bytes of the answer's body.
  std::size_t largest_answer;
};

/// Sends one request over one connection and waits for the whole answer, until cancelled or out of time.
/// Throws TransportError (UntrustedCertificate, too), DeadlineExceeded, Cancelled, or ProtocolError for an answer that
/// is too large.
HttpResponse exchange(Connection& connection, const HttpRequest& request, const CallContext& context,
                      const ExchangeLimits& limits);

}  // namespace batchai::inline v1
