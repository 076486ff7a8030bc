#include "identity/token_source.hpp"

#include "batchai/core/error.hpp"
#include "identity/token_answer.hpp"

namespace batchai::inline v1 {
namespace {

/// A token with less than this left is not used any more, as MSAL and the Azure SDKs do.
constexpr std::chrono::seconds kRefreshBefore{300};

}  // namespace

TokenSource::TokenSource(TokenRecipe recipe, const CredentialOptions& options)
    : recipe_(std::move(recipe)),
      pipeline_(make_signing_pipeline(with_transport(options.client), {})),
      clock_(options.client.clock != nullptr ? options.client.clock : system_clock()),
      cache_(options.token_cache_file) {}

AccessToken TokenSource::get(const TokenRequest& request, const CallContext& context) {
  const std::string key = recipe_.key + " " + request.resource;
  const InterruptibleLock turn(fetching_, context);
  if (!request.force_refresh) {
    const auto known = cache_.find(key);
    if (known && known->expires_on - clock_->now() > kRefreshBefore) {
      return *known;
    }
  }
  AccessToken token = fetch(request.resource, context);
  cache_.store(key, token, clock_->now());
  return token;
}

AccessToken TokenSource::fetch(const std::string& resource, const CallContext& context) const {
  const HttpRequest request = recipe_.request(resource);
  HttpResponse response = pipeline_->send(request, context);
  for (int tries = 0; pause(response.status, tries, context); ++tries) {
    response = pipeline_->send(request, context);
  }
  return read_token_answer(response, recipe_.refusal, clock_->now());
}

bool TokenSource::pause(int status, int tries, const CallContext& context) const {
  const auto delay = recipe_.pause_before_retry ? recipe_.pause_before_retry(status, tries) : std::nullopt;
  if (!delay || (context.deadline && clock_->steady_now() + *delay >= *context.deadline)) {
    return false;
  }
  clock_->sleep_for(*delay, context.cancellation);
  if (context.cancellation.cancelled()) {
    throw Cancelled();
  }
  return true;
}

}  // namespace batchai::inline v1
