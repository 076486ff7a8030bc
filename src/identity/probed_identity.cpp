#include "identity/probed_identity.hpp"

#include <mutex>

namespace batchai::inline v1 {
namespace {

constexpr std::chrono::seconds kProbeTime{1};

class ProbedIdentity final : public TokenCredential {
 public:
  ProbedIdentity(const std::string& client_id, const CredentialOptions& options,
                 const ManagedIdentityEndpoint& endpoint)
      : identity_(client_id, options, endpoint),
        probe_(make_probe(options.client)),
        clock_(options.client.clock != nullptr ? options.client.clock : system_clock()),
        url_(Url::parse(endpoint.url)) {}

  AccessToken get_token(const TokenRequest& request, const CallContext& context) override {
    find_service(context);
    return identity_.get_token(request, context);
  }

 private:
  static std::shared_ptr<const Pipeline> make_probe(ClientOptions options) {
    options.retry.max_retries = 0;
    return make_signing_pipeline(with_transport(std::move(options)), {});
  }

  /// Any answer will do; without the header `Metadata` it is a refusal.
  void find_service(const CallContext& context) {
    const std::scoped_lock lock(mutex_);
    if (found_) {
      return;
    }
    const auto until = clock_->steady_now() + kProbeTime;
    const bool cut = !context.deadline || *context.deadline > until;
    try {
      probe_->send({.url = url_}, {.cancellation = context.cancellation, .deadline = cut ? until : *context.deadline});
      found_ = true;
    } catch (const TransportError&) {
      refuse();
    } catch (const DeadlineExceeded&) {
      if (!cut) {
        throw;
      }
      refuse();
    }
  }

  [[noreturn]] void refuse() const { throw CredentialUnavailable("no metadata service answers at " + url_.origin()); }

  ManagedIdentityCredential identity_;
  std::shared_ptr<const Pipeline> probe_;
  std::shared_ptr<Clock> clock_;
  Url url_;
  std::mutex mutex_;
  bool found_ = false;
};

}  // namespace

std::shared_ptr<TokenCredential> make_probed_identity(const std::string& client_id, const CredentialOptions& options,
                                                      const ManagedIdentityEndpoint& endpoint) {
  if (!endpoint.header.empty()) {
    return std::make_shared<ManagedIdentityCredential>(client_id, options, endpoint);
  }
  return std::make_shared<ProbedIdentity>(client_id, options, endpoint);
}

}  // namespace batchai::inline v1
