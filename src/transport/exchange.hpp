#pragma once

#include "batchai/core/transport.hpp"
#include "transport/connection_pool.hpp"

namespace batchai {

/// Sends one request over one connection and waits for the whole answer, until cancelled or out of time.
/// Throws TransportError (UntrustedCertificate, too), DeadlineExceeded or Cancelled.
HttpResponse exchange(Connection& connection, const HttpRequest& request, const CallContext& context,
                      std::chrono::milliseconds timeout);

}  // namespace batchai
