#include "batchai/core/transport.hpp"
#include "batchai/core/transport_failure.hpp"
#include "core/signals_blocked.hpp"
#include "transport/connection_pool.hpp"
#include "transport/exchange.hpp"
#include "transport/proxy.hpp"
#include "transport/trust.hpp"

#include <mutex>

#include <openssl/ssl.h>
#include <pplx/threadpool.h>

namespace batchai::inline v1 {
namespace {

/// Files come in pieces of a few MiB, and no list has pages of such a size.
constexpr std::size_t kLargestAnswer = 256U << 20U;

/// cpprestsdk would start 40 threads at the first request. A program that uses cpprestsdk itself may have set its own
/// number before: then that one stands. OpenSSL is set up first, so that at the end of the program the threads are gone
/// before it cleans up: otherwise what it keeps for each of them would leak.
void limit_threads(unsigned threads) {
  static std::once_flag once;
  std::call_once(once, [threads] {
    OPENSSL_init_ssl(0, nullptr);
    const SignalsBlocked blocked;
    try {
      crossplat::threadpool::initialize_with_threads(threads);
    } catch (const std::exception&) {
    }
  });
}

void require_proxy(const std::string& proxy, const char* name) {
  try {
    if (!proxy.empty()) {
      ProxyServer::parse(proxy);
    }
  } catch (const InvalidArgument& error) {
    throw InvalidArgument(std::string(name) + " " + error.what());
  }
}

class NetworkTransport final : public Transport {
 public:
  NetworkTransport(const TransportOptions& options, TrustStore certificates)
      : options_(options), pool_(options, std::move(certificates)) {}

  HttpResponse send(const HttpRequest& request, const CallContext& context) override {
    const bool may_repeat = request.repeatable || is_idempotent(request.method);
    // What must not be sent twice gets a connection that the peer cannot have closed yet.
    Connection connection = may_repeat ? pool_.borrow(request.url) : connect(request.url);
    try {
      return send_over(connection, request, context);
    } catch (const TransportError& error) {
      if (!connection.reused || failure_of(error) == TransportFailure::TimedOut) {
        throw;
      }
    }
    Connection second = connect(request.url);
    return send_over(second, request, context);
  }

 private:
  Connection connect(const Url& target) { return pool_.fresh(target); }

  HttpResponse send_over(Connection& connection, const HttpRequest& request, const CallContext& context) {
    HttpResponse response = exchange(connection, request, context, {options_.request_timeout, kLargestAnswer});
    if (!iequals(response.headers.get("Connection"), "close")) {
      pool_.give_back(request.url, std::move(connection));
    }
    return response;
  }

  TransportOptions options_;
  ConnectionPool pool_;
};

}  // namespace

std::shared_ptr<Transport> make_network_transport(const TransportOptions& options) {
  TrustStore certificates = options.ca_bundle.empty() ? nullptr : load_certificates(options.ca_bundle);
  require_proxy(options.https_proxy, "HTTPS_PROXY");
  require_proxy(options.http_proxy, "HTTP_PROXY");
  limit_threads(options.threads);
  return std::make_shared<NetworkTransport>(options, std::move(certificates));
}

}  // namespace batchai::inline v1
