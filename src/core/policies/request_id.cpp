#include "batchai/version.hpp"
#include "core/policies/policies.hpp"
#include "core/random.hpp"

namespace batchai::policies {
namespace {

class RequestIdPolicy final : public Policy {
 public:
  HttpResponse send(HttpRequest& request, const NextPolicy& next, const CallContext& context) const override {
    if (!request.headers.contains("x-ms-client-request-id")) {
      request.headers.set("x-ms-client-request-id", random_guid());
    }
    return next.send(request, context);
  }
};

class TelemetryPolicy final : public Policy {
 public:
  explicit TelemetryPolicy(const std::string& application)
      : user_agent_((application.empty() ? "" : application + " ") + "libbatchai/" BATCHAI_VERSION) {}

  HttpResponse send(HttpRequest& request, const NextPolicy& next, const CallContext& context) const override {
    request.headers.set("User-Agent", user_agent_);
    return next.send(request, context);
  }

 private:
  std::string user_agent_;
};

}  // namespace

std::unique_ptr<const Policy> request_id() { return std::make_unique<RequestIdPolicy>(); }

std::unique_ptr<const Policy> telemetry(const std::string& application) {
  return std::make_unique<TelemetryPolicy>(application);
}

}  // namespace batchai::policies
