#include "batchai/identity/credentials.hpp"

#include <mutex>
#include <optional>

namespace batchai::inline v1 {

struct CredentialChain::State {
  std::mutex mutex;
  std::optional<std::size_t> chosen;
};

CredentialChain::CredentialChain(std::vector<Step> steps)
    : steps_(std::move(steps)), state_(std::make_unique<State>()) {}

CredentialChain::~CredentialChain() = default;

AccessToken CredentialChain::get_token(const TokenRequest& request, const CallContext& context) {
  const std::scoped_lock lock(state_->mutex);
  if (state_->chosen) {
    return steps_[*state_->chosen].credential->get_token(request, context);
  }
  std::string reasons;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    std::string reason = steps_[i].lacking;
    if (steps_[i].credential != nullptr) {
      try {
        AccessToken token = steps_[i].credential->get_token(request, context);
        state_->chosen = i;
        return token;
      } catch (const CredentialUnavailable& error) {
        reason = error.what();
      } catch (const AuthenticationError& error) {
        throw AuthenticationError(steps_[i].name + ": " + error.what(), error.code());
      }
    }
    reasons += "\n  " + steps_[i].name + ": " + reason;
  }
  throw CredentialUnavailable("no way to sign in is set up:" + reasons);
}

}  // namespace batchai::inline v1
