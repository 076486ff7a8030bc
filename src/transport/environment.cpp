#include "batchai/core/pipeline.hpp"
#include "batchai/core/transport.hpp"

#include <cstdlib>
#include <initializer_list>

namespace batchai::inline v1 {
namespace {

std::string first_set(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') {
      return value;
    }
  }
  return {};
}

}  // namespace

TransportOptions TransportOptions::from_environment() {
  TransportOptions options;
  options.ca_bundle = first_set({"BATCHAI_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"});
  options.https_proxy = first_set({"HTTPS_PROXY", "https_proxy"});
  // Lower case first: in a CGI process HTTP_PROXY is what a client sent as a header named Proxy.
  options.http_proxy = first_set({"http_proxy", "HTTP_PROXY"});
  options.no_proxy = first_set({"NO_PROXY", "no_proxy"});
  return options;
}

std::shared_ptr<Transport> default_transport() {
  static const auto transport = make_network_transport(TransportOptions::from_environment());
  return transport;
}

ClientOptions with_transport(ClientOptions options) {
  if (options.transport == nullptr) {
    options.transport = default_transport();
  }
  return options;
}

}  // namespace batchai::inline v1
