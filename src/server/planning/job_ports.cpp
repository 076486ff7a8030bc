#include "server/planning/job_ports.hpp"

#include "core/descriptor.hpp"

#include <cerrno>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace batchai::server {

namespace {

constexpr int kLastPort = 65535;

}  // namespace

bool is_free_port(const std::string& address, int port) {
  const Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(static_cast<std::uint16_t>(port));
  if (!listener || ::inet_pton(AF_INET, address.c_str(), &place.sin_addr) != 1) {
    return true;
  }
  // As most servers do: connections of an earlier job that still linger are no obstacle.
  const int on = 1;
  ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const bool bound = ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0;
  return bound ? ::listen(listener.get(), 1) == 0 : errno != EADDRINUSE;
}

Ports::Ports(const std::vector<JobNode>& nodes, const PortProbe& is_free, int first)
    : nodes_(nodes), is_free_(is_free), next_(nodes.size(), first) {}

std::string Ports::take(std::size_t node) {
  const auto& address = nodes_.at(node).address;
  for (int& port = next_.at(node); port <= kLastPort;) {
    if (const int candidate = port++; is_free_(address, candidate)) {
      return address + ":" + std::to_string(candidate);
    }
  }
  throw JobPlanError("JobStartFailed", "No port is free on " + address);
}

}  // namespace batchai::server
