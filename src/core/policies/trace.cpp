#include "batchai/core/error.hpp"
#include "batchai/core/tracing.hpp"
#include "core/policies/policies.hpp"
#include "core/redacted.hpp"

#include <utility>

namespace batchai::policies {
namespace {

void set_unless_empty(Headers& headers, std::string_view name, std::string value) {
  if (!value.empty()) {
    headers.set(name, std::move(value));
  }
}

/// Takes back what a try has put into the headers: the next one has a span of its own, or none.
class HeadersOfTry {
 public:
  explicit HeadersOfTry(Headers& headers) : headers_(headers), before_(headers) {}
  ~HeadersOfTry() { headers_ = std::move(before_); }
  HeadersOfTry(const HeadersOfTry&) = delete;
  HeadersOfTry& operator=(const HeadersOfTry&) = delete;

 private:
  Headers& headers_;
  Headers before_;
};

class TracePolicy final : public Policy {
 public:
  explicit TracePolicy(std::shared_ptr<Tracer> tracer) : tracer_(std::move(tracer)) {}

  HttpResponse send(HttpRequest& request, const NextPolicy& next, const CallContext& context) const override {
    const auto span = tracer_->start({.method = request.method,
                                      .url = redacted_url(request.url),
                                      .client_request_id = request.headers.get("x-ms-client-request-id")});
    if (span == nullptr) {
      return next.send(request, context);
    }
    const HeadersOfTry ended(request.headers);
    set_unless_empty(request.headers, "traceparent", span->traceparent());
    set_unless_empty(request.headers, "tracestate", span->tracestate());
    try {
      HttpResponse response = next.send(request, context);
      span->end({.status = response.status, .request_id = response.headers.get("x-ms-request-id")});
      return response;
    } catch (const std::exception& error) {
      span->end({.error = error.what()});
      throw;
    }
  }

 private:
  std::shared_ptr<Tracer> tracer_;
};

}  // namespace

std::unique_ptr<const Policy> trace(std::shared_ptr<Tracer> tracer) {
  return std::make_unique<TracePolicy>(std::move(tracer));
}

}  // namespace batchai::policies
