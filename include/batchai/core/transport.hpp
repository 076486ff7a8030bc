#pragma once

#include "batchai/core/context.hpp"
#include "batchai/core/http.hpp"
#include "batchai/version.hpp"

#include <chrono>
#include <memory>
#include <string>

BATCHAI_NAMESPACE_BEGIN

/// Carries one request to its peer and brings the answer back. Thread-safe.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Any HTTP status is an answer. Throws TransportError, DeadlineExceeded or Cancelled.
  virtual HttpResponse send(const HttpRequest& request, const CallContext& context) = 0;
};

/// How the network is used.
struct TransportOptions {
  /// PEM file, or folder of PEM files named by the hash of their subject, with the roots to trust instead of the
  /// system's.
  std::string ca_bundle = {};
  /// Proxy for http and https targets; empty: none. Hosts in `no_proxy` (comma-separated, `.suffix` allowed) go direct,
  /// and so do this machine and Azure's metadata service (169.254.169.254).
  std::string http_proxy = {};
  std::string https_proxy = {};
  std::string no_proxy = {};
  /// For one request, from connecting to the last byte.
  std::chrono::milliseconds request_timeout{100'000};
  /// Threads that move bytes, shared by all transports of the process; the first transport decides.
  unsigned threads = 2;

  /// Reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY (upper or lower case), and the first that is set of BATCHAI_CA_BUNDLE
  /// and, for those who come from az or curl, REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE.
  [[nodiscard]] static TransportOptions from_environment();
};

/// The real network. Cheap to keep, expensive to make: one per process is enough. Throws InvalidArgument for a CA
/// bundle that cannot be read and for a proxy that is no URL.
[[nodiscard]] std::shared_ptr<Transport> make_network_transport(const TransportOptions& options);

/// The transport of clients that were given none: made from the environment at the first call, then always the same.
[[nodiscard]] std::shared_ptr<Transport> default_transport();

BATCHAI_NAMESPACE_END
