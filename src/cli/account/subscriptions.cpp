#include "cli/account/subscriptions.hpp"

#include "batchai/arm/client.hpp"
#include "batchai/core/credential.hpp"
#include "batchai/core/http.hpp"
#include "cli/app/services.hpp"
#include "core/joined.hpp"

#include <algorithm>

namespace batchai::cli {

std::vector<Subscription> visible_subscriptions(const std::shared_ptr<TokenCredential>& credential, Services& services,
                                                const CallContext& call) {
  const Endpoints& endpoints = services.endpoints();
  const ArmClient arm(credential, "", {endpoints.resource_manager, endpoints.audience, services.client_options()});
  return arm.subscriptions().list(call).to_vector();
}

std::optional<Subscription> find_subscription(const std::vector<Subscription>& seen, const std::string& wanted) {
  for (const std::string Subscription::*member : {&Subscription::subscription_id, &Subscription::display_name}) {
    const auto found =
        std::find_if(seen.begin(), seen.end(), [&](const Subscription& each) { return iequals(each.*member, wanted); });
    if (found != seen.end() && !wanted.empty()) {
      return *found;
    }
  }
  return std::nullopt;
}

CommandError no_such_subscription(const std::string& wanted, const std::vector<Subscription>& seen) {
  const std::string all = joined(seen, ", ", &Subscription::subscription_id);
  return {kNotFound, "there is no subscription '" + wanted + "' that the service principal can see",
          all.empty() ? "it sees none: give it a role in one" : "it sees " + all};
}

}  // namespace batchai::cli
