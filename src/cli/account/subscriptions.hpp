#pragma once

#include "batchai/arm/models.hpp"
#include "cli/app/context.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace batchai::inline v1 {
class TokenCredential;
}

namespace batchai::cli {

class Services;

/// All subscriptions that the credential's owner can see in the cloud of `services`.
std::vector<Subscription> visible_subscriptions(const std::shared_ptr<TokenCredential>& credential, Services& services,
                                                const CallContext& call);

/// The one of this id or, as az takes it, of this name; nothing if there is none. Case is ignored.
std::optional<Subscription> find_subscription(const std::vector<Subscription>& seen, const std::string& wanted);

/// The error where `wanted` is not among those seen (exit 3).
CommandError no_such_subscription(const std::string& wanted, const std::vector<Subscription>& seen);

}  // namespace batchai::cli
