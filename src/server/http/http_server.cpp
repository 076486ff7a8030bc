#include "server/http/http_server.hpp"

#include "server/http/connection.hpp"
#include "server/http/connection_registry.hpp"

#include <algorithm>
#include <new>
#include <optional>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <openssl/ssl.h>

namespace batchai::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// Threads that move bytes; handlers have their own.
constexpr int kIoThreads = 2;
/// The pause before accepting again after the machine ran out of descriptors, or the listener out of connections.
constexpr std::chrono::milliseconds kAcceptPause{50};
/// Threads for what must not wait for the workers.
constexpr std::size_t kUrgentWorkers = 1;

asio::ssl::context make_tls_context(const TlsFiles& files) {
  try {
    asio::ssl::context context(asio::ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    // An idle connection holds no record.
    SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
    // A client that comes again needs no signature then. One connection resumes one session, so one ticket is enough.
    SSL_CTX_set_num_tickets(context.native_handle(), 1);
    context.use_certificate_chain_file(files.certificate_chain.string());
    context.use_private_key_file(files.private_key.string(), asio::ssl::context::pem);
    return context;
  } catch (const boost::system::system_error& error) {
    throw ListenError("cannot use the certificate " + files.certificate_chain.string() + " with the key " +
                      files.private_key.string() + ": " + error.code().message());
  }
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(ListenOptions options, Handler handler)
      : options_(std::move(options)),
        handler_(std::move(handler)),
        registry_(ConnectionQuota::of(options_.limits.connections), counters_.evicted,
                  [this] { asio::post(accept_strand_, [this] { resume_accepting(); }); }),
        accept_strand_(asio::make_strand(io_)),
        acceptor_(accept_strand_),
        accept_timer_(accept_strand_),
        workers_(options_.workers) {}

  ~Impl() { stop(std::chrono::milliseconds(0)); }

  void listen() {
    if (options_.tls) {
      tls_.emplace(make_tls_context(*options_.tls));
    }
    take_address();
  }

  void start() {
    if (!acceptor_.is_open()) {
      listen();
    }
    setting_.emplace(ConnectionSetting{options_, handler_, workers_, urgent_workers_, registry_, counters_, bodies_,
                                       tls_.has_value() ? &*tls_ : nullptr});
    asio::post(accept_strand_, [this] { accept_next(); });
    for (int i = 0; i < kIoThreads; ++i) {
      threads_.emplace_back([this] { move_bytes(); });
    }
  }

  std::uint16_t port() const { return port_; }

  void cut() { registry_.cut_all(); }
  const ListenerCounters& counters() const { return counters_; }
  std::size_t connections() const { return registry_.size(); }

  void stop(std::chrono::milliseconds grace) {
    if (stopped_) {
      return;
    }
    stopped_ = true;
    if (!threads_.empty()) {
      asio::post(accept_strand_, [this] { stop_accepting(); });
      registry_.drain_all();
      if (!registry_.wait_until_empty(grace)) {
        registry_.cut_all();
      }
    }
    // A worker that still has a request keeps its connection; the answer then fails on the closed socket.
    workers_.join();
    urgent_workers_.join();
    work_.reset();
    for (std::thread& thread : threads_) {
      thread.join();
    }
  }

 private:
  void take_address() {
    const std::string where = options_.host + ":" + std::to_string(options_.port);
    try {
      tcp::resolver resolver(io_);
      const auto found = resolver.resolve(options_.host, std::to_string(options_.port),
                                          tcp::resolver::passive | tcp::resolver::numeric_service);
      const tcp::endpoint endpoint = found.begin()->endpoint();
      acceptor_.open(endpoint.protocol());
      acceptor_.set_option(tcp::acceptor::reuse_address(true));
      acceptor_.bind(endpoint);
      acceptor_.listen();
      port_ = acceptor_.local_endpoint().port();
    } catch (const boost::system::system_error& error) {
      throw ListenError("cannot listen on " + where + ": " + error.code().message());
    }
  }

  void stop_accepting() {
    error_code ignored;
    acceptor_.close(ignored);
    accept_timer_.cancel(ignored);
  }

  /// Where memory is short the connection that asked for it ends, since nothing refers to it any more, and the others
  /// continue.
  void move_bytes() {
    while (true) {
      try {
        io_.run();
        return;
      } catch (const std::bad_alloc&) {
        ++counters_.out_of_memory;
      }
    }
  }

  void accept_next() {
    if (accepting_ || !acceptor_.is_open()) {
      return;
    }
    if (registry_.is_full()) {
      full_ = true;
      registry_.make_room();
      return accept_later();  // a peer may be late by then
    }
    full_ = false;
    accepting_ = true;
    acceptor_.async_accept(asio::make_strand(io_), [this](error_code error, tcp::socket socket) {
      accepting_ = false;
      if (error == asio::error::operation_aborted) {
        return;
      }
      if (error) {
        ++counters_.accept_failures;
        registry_.make_room();
        return accept_later();
      }
      ++counters_.accepted;
      take(std::move(socket));
      accept_next();
    });
  }

  void take(tcp::socket socket) {
    try {
      const Peer peer = peer_of(socket);
      if (registry_.has_place_for(peer) || registry_.make_room_for(peer)) {
        return serve_connection(*setting_, peer, std::move(socket));
      }
      ++counters_.turned_away;
    } catch (const std::bad_alloc&) {
      ++counters_.out_of_memory;
    }
  }

  void accept_later() {
    accept_timer_.expires_after(kAcceptPause);
    accept_timer_.async_wait([this](error_code error) {
      if (!error) {
        accept_next();
      }
    });
  }

  void resume_accepting() {
    if (full_) {
      error_code ignored;
      accept_timer_.cancel(ignored);
      accept_next();
    }
  }

  ListenOptions options_;
  Handler handler_;
  ListenerCounters counters_;
  BodyBudget bodies_{std::max(options_.limits.buffered_bytes, options_.limits.body_bytes* options_.limits.body_cost)};
  // Before io_: connections that end with it still call the registry.
  ConnectionRegistry registry_;
  std::optional<asio::ssl::context> tls_;
  std::optional<ConnectionSetting> setting_;
  asio::io_context io_{kIoThreads};
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
  asio::strand<asio::io_context::executor_type> accept_strand_;
  tcp::acceptor acceptor_;
  asio::steady_timer accept_timer_;
  Workers workers_;
  Workers urgent_workers_{kUrgentWorkers};
  std::vector<std::thread> threads_;
  std::uint16_t port_ = 0;
  bool accepting_ = false;
  bool full_ = false;
  bool stopped_ = false;
};

HttpServer::HttpServer(ListenOptions options, Handler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}
HttpServer::~HttpServer() = default;
void HttpServer::listen() { impl_->listen(); }
void HttpServer::start() { impl_->start(); }
std::uint16_t HttpServer::port() const { return impl_->port(); }
void HttpServer::cut() { impl_->cut(); }
const ListenerCounters& HttpServer::counters() const { return impl_->counters(); }
std::size_t HttpServer::connections() const { return impl_->connections(); }
void HttpServer::stop(std::chrono::milliseconds grace) { impl_->stop(grace); }

}  // namespace batchai::server
