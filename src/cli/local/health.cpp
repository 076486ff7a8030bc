#include "cli/local/health.hpp"

#include "batchai/core/error.hpp"

#include <chrono>

namespace batchai::cli {

namespace {

constexpr std::chrono::seconds kLongestAnswer{5};

}  // namespace

nlohmann::json health_of(const LocalEndpoints& endpoints, Context& context) {
  try {
    const auto transport =
        context.host.make_transport({.ca_bundle = endpoints.ca_bundle, .request_timeout = kLongestAnswer});
    const auto answer = transport->send({.url = Url::parse(endpoints.management + "/healthz")}, context.call());
    auto document = nlohmann::json::parse(answer.body, nullptr, false);
    return document.is_object() ? document : nlohmann::json::object();
  } catch (const Cancelled&) {
    throw;
  } catch (const Error&) {
    return nlohmann::json::object();
  }
}

}  // namespace batchai::cli
