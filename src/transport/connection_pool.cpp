#include "transport/connection_pool.hpp"

#include "transport/native_address.hpp"
#include "transport/proxy.hpp"

#include <filesystem>

#include <openssl/ssl.h>

namespace batchai {
namespace {

using web::http::client::http_client;
using web::http::client::http_client_config;

/// Shorter than the idle time after which servers commonly hang up, and than cpprestsdk's own 30 s.
constexpr std::chrono::seconds kLongestIdle{15};
constexpr std::size_t kIdlePerOrigin = 32;

void trust_only(boost::asio::ssl::context& context, const std::string& ca_bundle) {
  SSL_CTX_set_cert_store(context.native_handle(), X509_STORE_new());
  if (std::filesystem::is_directory(ca_bundle)) {
    context.add_verify_path(ca_bundle);
  } else {
    context.load_verify_file(ca_bundle);
  }
}

web::web_proxy make_proxy(const ProxyServer& server) {
  // cpprestsdk takes a proxy without a port for one at port 0.
  web::web_proxy proxy(web::uri_builder(address_to_connect(server.url)).set_port(server.url.port()).to_uri());
  if (!server.user.empty()) {
    proxy.set_credentials(web::credentials(server.user, server.password));
  }
  return proxy;
}

http_client_config make_configuration(const TransportOptions& options, const Url& target,
                                      const std::shared_ptr<Distrust>& distrust) {
  http_client_config config;
  // Later than our own timeout, whose message says what was waited for.
  config.set_timeout(options.request_timeout + std::chrono::seconds(10));
  // A redirect would carry the Authorization header to wherever it points.
  config.set_max_redirects(0);
  // RFC 6066 3: addresses are not names.
  config.set_tlsext_sni_enabled(!is_ip_address(host_without_zone(target)));
  config.set_ssl_context_callback([ca_bundle = options.ca_bundle, distrust](boost::asio::ssl::context& context) {
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    report_distrust(context.native_handle(), distrust);
    if (!ca_bundle.empty()) {
      trust_only(context, ca_bundle);
    }
  });
  return config;
}

}  // namespace

ConnectionPool::ConnectionPool(TransportOptions options) : options_(std::move(options)) {}

Connection ConnectionPool::fresh(const Url& target) const {
  auto distrust = std::make_shared<Distrust>(host_without_zone(target));
  http_client_config config = make_configuration(options_, target, distrust);
  const auto proxy = proxy_for(options_, target);
  if (proxy) {
    config.set_proxy(make_proxy(*proxy));
  }
  const web::uri address = proxy ? address_to_name(target) : address_to_connect(target);
  return {.client = std::make_shared<http_client>(address, config),
          .proxy = proxy ? proxy->url.origin() : "",
          .distrust = std::move(distrust)};
}

Connection ConnectionPool::borrow(const Url& target) {
  const auto oldest = std::chrono::steady_clock::now() - kLongestIdle;
  std::vector<Idle> expired;  // closed outside the lock
  {
    const std::scoped_lock lock(mutex_);
    auto& idle = idle_[target.origin()];
    while (!idle.empty()) {
      Idle last = std::move(idle.back());
      idle.pop_back();
      if (last.since >= oldest) {
        last.connection.reused = true;
        return std::move(last.connection);
      }
      expired.push_back(std::move(last));
    }
  }
  return fresh(target);
}

void ConnectionPool::give_back(const Url& target, Connection connection) {
  const std::scoped_lock lock(mutex_);
  auto& idle = idle_[target.origin()];
  if (idle.size() < kIdlePerOrigin) {
    idle.push_back({std::move(connection), std::chrono::steady_clock::now()});
  }
}

}  // namespace batchai
