#include "batchai/core/error.hpp"
#include "core/policies/policies.hpp"

namespace batchai::policies {
namespace {

constexpr int kUnauthorized = 401;

class BearerPolicy final : public Policy {
 public:
  BearerPolicy(std::shared_ptr<TokenCredential> credential, std::string audience, std::string origin)
      : credential_(std::move(credential)), audience_(std::move(audience)), origin_(std::move(origin)) {}

  HttpResponse send(HttpRequest& request, const NextPolicy& next, const CallContext& context) const override {
    check_target(request.url);
    authorize(request, false, context);
    HttpResponse response = next.send(request, context);
    if (response.status == kUnauthorized) {
      authorize(request, true, context);
      response = next.send(request, context);
    }
    return response;
  }

 private:
  void check_target(const Url& url) const {
    if (url.origin() != origin_) {
      throw ProtocolError("the service pointed to " + url.origin() + ", but the token is for " + origin_ +
                          " only: nothing was sent there");
    }
    if (url.scheme() != "https" && !url.is_loopback()) {
      throw InvalidArgument("a token may not be sent unencrypted: use https for " + origin_);
    }
  }

  void authorize(HttpRequest& request, bool refresh, const CallContext& context) const {
    const AccessToken token = credential_->get_token({audience_, refresh}, context);
    request.headers.set("Authorization", "Bearer " + token.token.reveal());
  }

  std::shared_ptr<TokenCredential> credential_;
  std::string audience_;
  std::string origin_;
};

class SigningPolicy final : public Policy {
 public:
  SigningPolicy(RequestSigner signer, std::shared_ptr<Clock> clock)
      : signer_(std::move(signer)), clock_(std::move(clock)) {}

  HttpResponse send(HttpRequest& request, const NextPolicy& next, const CallContext& context) const override {
    request.headers.set("x-ms-date", format_http_date(clock_->now()));
    signer_(request);
    return next.send(request, context);
  }

 private:
  RequestSigner signer_;
  std::shared_ptr<Clock> clock_;
};

}  // namespace

std::unique_ptr<const Policy> bearer(std::shared_ptr<TokenCredential> credential, std::string audience,
                                     std::string origin) {
  return std::make_unique<BearerPolicy>(std::move(credential), std::move(audience), std::move(origin));
}

std::unique_ptr<const Policy> sign(RequestSigner signer, std::shared_ptr<Clock> clock) {
  return std::make_unique<SigningPolicy>(std::move(signer), std::move(clock));
}

}  // namespace batchai::policies
