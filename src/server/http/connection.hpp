#pragma once

#include "server/http/body_budget.hpp"
#include "server/http/connection_registry.hpp"
#include "server/http/listen_options.hpp"
#include "server/http/listener_counters.hpp"
#include "server/http/workers.hpp"

#include <memory>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

namespace batchai::server {

/// What all connections of a listener share. Outlives them.
struct ConnectionSetting {
  const ListenOptions& options;
  const Handler& handler;
  Workers& workers;
  /// For requests that must not wait for the other workers, and take little time.
  Workers& urgent_workers;
  ConnectionRegistry& registry;
  ListenerCounters& counters;
  BodyBudget& bodies;
  /// Null: plain TCP.
  boost::asio::ssl::context* tls;
};

/// Takes a connection into the registry and begins to serve it; drops it when the registry is draining. The socket's
/// executor must be a strand.
void serve_connection(const ConnectionSetting& setting, const Peer& peer, boost::asio::ip::tcp::socket socket);

Peer peer_of(const boost::asio::ip::tcp::socket& socket);

}  // namespace batchai::server
