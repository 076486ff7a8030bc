#include "transport/connection_pool.hpp"

#include "batchai/core/error.hpp"
#include "transport/proxy.hpp"

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
  context.load_verify_file(ca_bundle);
}

web::web_proxy make_proxy(const std::string& text) {
  const web::uri given(text.find("://") == std::string::npos ? "http://" + text : text);
  web::uri_builder plain(given);
  plain.set_user_info({});
  web::web_proxy proxy(plain.to_uri());
  const std::string& user_info = given.user_info();
  const auto colon = user_info.find(':');
  if (colon != std::string::npos) {
    proxy.set_credentials(web::credentials(percent_decode(user_info.substr(0, colon)).value_or(""),
                                           percent_decode(user_info.substr(colon + 1)).value_or("")));
  }
  return proxy;
}

}  // namespace

ConnectionPool::ConnectionPool(TransportOptions options) : options_(std::move(options)) {}

http_client_config ConnectionPool::configuration(const Url& target, std::shared_ptr<Distrust> distrust) const {
  http_client_config config;
  config.set_timeout(options_.request_timeout);
  // A redirect would carry the Authorization header to wherever it points.
  config.set_max_redirects(0);
  config.set_ssl_context_callback(
      [ca_bundle = options_.ca_bundle, distrust = std::move(distrust)](boost::asio::ssl::context& context) {
        SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
        report_distrust(context.native_handle(), distrust);
        if (!ca_bundle.empty()) {
          trust_only(context, ca_bundle);
        }
      });
  const std::string proxy = proxy_for(options_, target);
  if (!proxy.empty()) {
    config.set_proxy(make_proxy(proxy));
  }
  return config;
}

Connection ConnectionPool::fresh(const Url& target) const {
  auto distrust = std::make_shared<Distrust>();
  auto client = std::make_shared<http_client>(web::uri(target.origin()), configuration(target, distrust));
  return {.client = std::move(client), .distrust = std::move(distrust)};
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
