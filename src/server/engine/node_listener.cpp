#include "server/engine/node_listener.hpp"

#include "server/engine/local_node_provider.hpp"
#include "server/run/system_error.hpp"

#include <cerrno>
#include <memory>
#include <stdexcept>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace batchai::server {

namespace {

constexpr std::int64_t kFirstLoginPort = 50000;
constexpr std::int64_t kLoginPorts = 65536 - kFirstLoginPort;
constexpr int kMostTries = 200;

using FoundAddresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

FoundAddresses find_address(const std::string& host, std::int64_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found); error != 0) {
    throw std::runtime_error("cannot listen on " + host + ": " + ::gai_strerror(error));
  }
  return {found, &::freeaddrinfo};
}

/// Nothing where the port is taken.
Descriptor try_to_listen(const addrinfo& address) {
  constexpr int kMostWaiting = 16;
  Descriptor socket(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (socket && ::bind(socket.get(), address.ai_addr, address.ai_addrlen) == 0 &&
      ::listen(socket.get(), kMostWaiting) == 0) {
    return socket;
  }
  if (errno != EADDRINUSE) {
    throw_errno("cannot listen");
  }
  return {};
}

}  // namespace

NodeListener listen_for_node(const std::string& host, const std::string& node_address) {
  const auto number = LocalNodeProvider::number_of_address(node_address);
  for (int tries = 0; tries < kMostTries; ++tries) {
    const auto port = kFirstLoginPort + (number + tries) % kLoginPorts;
    const auto address = find_address(host.empty() ? node_address : host, port);
    if (auto socket = try_to_listen(*address)) {
      return {.socket = std::move(socket), .port = static_cast<std::uint16_t>(port)};
    }
  }
  errno = EADDRINUSE;
  throw_errno("cannot listen");
}

}  // namespace batchai::server
