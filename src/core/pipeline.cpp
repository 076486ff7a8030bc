#include "batchai/core/pipeline.hpp"

#include "batchai/core/error.hpp"
#include "core/log_of.hpp"
#include "core/policies/policies.hpp"
#include "core/redacted.hpp"

namespace batchai::inline v1 {
namespace {

using Policies = std::vector<std::shared_ptr<const Policy>>;

std::shared_ptr<Clock> clock_of(const ClientOptions& options) {
  return options.clock != nullptr ? options.clock : system_clock();
}

class FunctionPolicy final : public Policy {
 public:
  explicit FunctionPolicy(PolicyFunction function) : function_(std::move(function)) {}
  HttpResponse send(HttpRequest& request, const NextPolicy& next, const CallContext& context) const override {
    return function_(request, next, context);
  }

 private:
  PolicyFunction function_;
};

void append(Policies& all, const Policies& more) {
  for (const auto& policy : more) {
    if (policy == nullptr) {
      throw InvalidArgument("one of the policies in the client's options is null");
    }
    all.push_back(policy);
  }
}

/// What is done once per request.
Policies first_policies(const ClientOptions& options) {
  Policies all;
  all.push_back(policies::request_id());
  all.push_back(policies::telemetry(options.application));
  append(all, options.per_call_policies);
  return all;
}

/// Retries, and what is done for each try.
void add_tries(Policies& all, const ClientOptions& options) {
  all.push_back(policies::retry(options.retry, clock_of(options), log_of(options)));
  if (options.tracer != nullptr) {
    all.push_back(policies::trace(options.tracer));
  }
  append(all, options.per_try_policies);
}

std::shared_ptr<const Pipeline> finish(Policies all, const ClientOptions& options) {
  if (options.transport == nullptr) {
    throw InvalidArgument("a client needs a transport: ClientOptions::transport is null");
  }
  if (options.log) {
    all.push_back(policies::log(log_of(options), options.log_level, clock_of(options)));
  }
  return std::make_shared<const Pipeline>(std::move(all), options.transport);
}

}  // namespace

LogSink log_of(const ClientOptions& options) {
  if (!options.log || options.log_level == LogLevel::Debug) {
    return options.log;
  }
  return [sink = options.log, least = options.log_level](LogLevel level, std::string_view line) {
    if (level >= least) {
      sink(level, line);
    }
  };
}

std::string_view to_string(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::Debug:
      return "debug";
    case LogLevel::Info:
      return "info";
    case LogLevel::Warning:
      break;
  }
  return "warning";
}

std::shared_ptr<const Policy> make_policy(PolicyFunction function) {
  if (!function) {
    throw InvalidArgument("a policy needs a function");
  }
  return std::make_shared<FunctionPolicy>(std::move(function));
}

HttpResponse NextPolicy::send(HttpRequest& request, const CallContext& context) const {
  if (context.cancellation.cancelled()) {
    throw Cancelled();
  }
  if (index_ == pipeline_->policies_.size()) {
    return pipeline_->transport_->send(request, context);
  }
  return pipeline_->policies_[index_]->send(request, NextPolicy(*pipeline_, index_ + 1), context);
}

Pipeline::Pipeline(std::vector<std::shared_ptr<const Policy>> policies, std::shared_ptr<Transport> transport)
    : policies_(std::move(policies)), transport_(std::move(transport)) {}

HttpResponse Pipeline::send(HttpRequest request, const CallContext& context) const {
  HttpResponse response = NextPolicy(*this, 0).send(request, context);
  if (response.status < 200 || response.status > 299) {
    response.request = {request.method, redacted_url(request.url), request.headers.get("x-ms-client-request-id")};
  }
  return response;
}

std::shared_ptr<const Pipeline> make_bearer_pipeline(const ClientOptions& options,
                                                     std::shared_ptr<TokenCredential> credential, std::string audience,
                                                     std::string origin) {
  if (credential == nullptr) {
    throw InvalidArgument("a client needs a credential to sign in with: it is null");
  }
  Policies all = first_policies(options);
  // Before the retries: the credential has its own, and the two would multiply.
  all.push_back(policies::bearer(std::move(credential), std::move(audience), std::move(origin)));
  add_tries(all, options);
  return finish(std::move(all), options);
}

std::shared_ptr<const Pipeline> make_signing_pipeline(const ClientOptions& options, RequestSigner signer) {
  Policies all = first_policies(options);
  add_tries(all, options);
  if (signer) {
    all.push_back(policies::sign(std::move(signer), clock_of(options)));
  }
  return finish(std::move(all), options);
}

}  // namespace batchai::inline v1
