#include "transport/connection_pool.hpp"

#include "transport/native_address.hpp"
#include "transport/proxy.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <openssl/ssl.h>

namespace batchai::inline v1 {
namespace {

using web::http::client::http_client;
using web::http::client::http_client_config;

/// Shorter than the idle time after which servers commonly hang up, and than cpprestsdk's own 30 s.
constexpr std::chrono::seconds kLongestIdle{15};
constexpr std::size_t kIdlePerOrigin = 32;

/// What the TLS of a connection is made with.
struct ContextSetup {
  TrustStore certificates;
  std::shared_ptr<Distrust> distrust;
  std::shared_ptr<SessionSlot> session;
};

void set_up(boost::asio::ssl::context& context, const ContextSetup& setup) {
  SSL_CTX* const native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  report_distrust(native, setup.distrust);
  keep_sessions(native, setup.session);
  if (setup.certificates != nullptr) {
    SSL_CTX_set1_cert_store(native, setup.certificates.get());
  }
}

/// cpprestsdk calls this before each request with its stream, which without a proxy is one of TLS from the start.
void resume_session(void* stream, const SessionSlot& session) {
  using Stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;
  session.offer_to(static_cast<Stream*>(stream)->native_handle());
}

web::web_proxy make_proxy(const ProxyServer& server) {
  // cpprestsdk takes a proxy without a port for one at port 0.
  web::web_proxy proxy(web::uri_builder(address_to_connect(server.url)).set_port(server.url.port()).to_uri());
  if (!server.user.empty()) {
    proxy.set_credentials(web::credentials(server.user, server.password));
  }
  return proxy;
}

http_client_config make_configuration(std::chrono::milliseconds timeout, const Url& target, const ContextSetup& setup) {
  http_client_config config;
  // Later than our own timeout, whose message says what was waited for.
  config.set_timeout(timeout + std::chrono::seconds(10));
  // A redirect would carry the Authorization header to wherever it points.
  config.set_max_redirects(0);
  // RFC 6066 3: addresses are not names.
  config.set_tlsext_sni_enabled(!is_ip_address(host_without_zone(target)));
  config.set_ssl_context_callback([setup](boost::asio::ssl::context& context) { set_up(context, setup); });
  return config;
}

}  // namespace

ConnectionPool::ConnectionPool(TransportOptions options, TrustStore certificates)
    : options_(std::move(options)), certificates_(std::move(certificates)) {}

std::shared_ptr<SessionSlot> ConnectionPool::session_of(const std::string& origin) {
  const std::scoped_lock lock(mutex_);
  std::shared_ptr<SessionSlot>& slot = sessions_[origin];
  if (slot == nullptr) {
    slot = std::make_shared<SessionSlot>();
  }
  return slot;
}

Connection ConnectionPool::fresh(const Url& target) {
  auto distrust = std::make_shared<Distrust>(host_without_zone(target));
  const auto session = session_of(target.origin());
  http_client_config config = make_configuration(options_.request_timeout, target, {certificates_, distrust, session});
  const auto proxy = proxy_for(options_, target);
  if (proxy) {
    config.set_proxy(make_proxy(*proxy));
  } else if (target.scheme() == "https") {
    config.set_nativehandle_options([session](void* stream) { resume_session(stream, *session); });
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

}  // namespace batchai::inline v1
