#include "transport/native_address.hpp"

#include <array>

#include <arpa/inet.h>

namespace batchai::inline v1 {
namespace {

bool is_ipv6(const Url& url) { return url.host().find(':') != std::string::npos; }

}  // namespace

web::uri address_to_connect(const Url& url) {
  if (!is_ipv6(url)) {
    return web::uri(url.origin());
  }
  const std::string host = percent_decode(url.host()).value_or(url.host());
  return web::uri(url.scheme() + "://" + host + ":" + std::to_string(url.port()));
}

web::uri address_to_name(const Url& url) { return web::uri(url.origin()); }

std::string own_host_field(const Url& url) {
  if (!is_ipv6(url)) {
    return {};
  }
  const std::string bracketed = "[" + host_without_zone(url) + "]";
  return url.authority().ends_with(']') ? bracketed : bracketed + ":" + std::to_string(url.port());
}

std::string host_without_zone(const Url& url) { return url.host().substr(0, url.host().find('%')); }

bool is_ip_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

}  // namespace batchai::inline v1
