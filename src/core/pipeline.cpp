#include "batchai/core/pipeline.hpp"

#include "batchai/core/error.hpp"
#include "core/policies/policies.hpp"

namespace batchai::inline v1 {
namespace {

using Policies = std::vector<std::unique_ptr<const Policy>>;

std::shared_ptr<Clock> clock_of(const ClientOptions& options) {
  return options.clock != nullptr ? options.clock : system_clock();
}

Policies first_policies(const ClientOptions& options) {
  Policies all;
  all.push_back(policies::request_id());
  all.push_back(policies::telemetry(options.application));
  return all;
}

std::shared_ptr<const Pipeline> finish(Policies all, const ClientOptions& options) {
  if (options.transport == nullptr) {
    throw InvalidArgument("a client needs a transport: ClientOptions::transport is null");
  }
  if (options.log) {
    all.push_back(policies::log(options.log, clock_of(options)));
  }
  return std::make_shared<const Pipeline>(std::move(all), options.transport);
}

}  // namespace

HttpResponse NextPolicy::send(HttpRequest& request, const CallContext& context) const {
  if (context.cancellation.cancelled()) {
    throw Cancelled();
  }
  if (index_ == pipeline_->policies_.size()) {
    return pipeline_->transport_->send(request, context);
  }
  return pipeline_->policies_[index_]->send(request, NextPolicy(*pipeline_, index_ + 1), context);
}

Pipeline::Pipeline(std::vector<std::unique_ptr<const Policy>> policies, std::shared_ptr<Transport> transport)
    : policies_(std::move(policies)), transport_(std::move(transport)) {}

HttpResponse Pipeline::send(HttpRequest request, const CallContext& context) const {
  return NextPolicy(*this, 0).send(request, context);
}

std::shared_ptr<const Pipeline> make_bearer_pipeline(const ClientOptions& options,
                                                     std::shared_ptr<TokenCredential> credential, std::string audience,
                                                     std::string origin) {
  Policies all = first_policies(options);
  // Before the retries: the credential has its own, and the two would multiply.
  all.push_back(policies::bearer(std::move(credential), std::move(audience), std::move(origin)));
  all.push_back(policies::retry(options.retry, clock_of(options), options.log));
  return finish(std::move(all), options);
}

std::shared_ptr<const Pipeline> make_signing_pipeline(const ClientOptions& options, RequestSigner signer) {
  Policies all = first_policies(options);
  all.push_back(policies::retry(options.retry, clock_of(options), options.log));
  if (signer) {
    all.push_back(policies::sign(std::move(signer), clock_of(options)));
  }
  return finish(std::move(all), options);
}

}  // namespace batchai::inline v1
