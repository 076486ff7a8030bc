#pragma once

#include "batchai/core/clock.hpp"
#include "server/http/router.hpp"
#include "server/identity/principals.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace batchai::server {

struct PrincipalAdminOptions {
  /// Outlives it.
  Principals& principals;
  std::shared_ptr<const Clock> clock;
  /// What a principal needs besides its secret to sign in.
  std::string tenant_id;
  std::string subscription_id;
  /// The principal of the service itself, which stays its owner.
  std::string own_client_id;
  /// Called with the new secret of that principal, which whoever knew the old one needs. Not null.
  std::function<void(const Secret&)> own_secret_renewed;
};

/// Adds, lists, changes, renews and removes principals. Bodies and answers are JSON. All calls throw ServiceFault: 400
/// for a body that says something else than it may, 404 for a name that no principal has, 409 where something forbids
/// it. Thread-safe.
///
/// A principal is shown as `{"name", "role", "groups", "clientId", "tenantId", "subscriptionId", "secretExpires"?}`;
/// where it gets a secret, which is never shown again, `clientSecret` is added.
class PrincipalAdmin {
 public:
  explicit PrincipalAdmin(PrincipalAdminOptions options) : options_(std::move(options)) {}

  /// `{"role", "groups"?, "days"?}`; a secret is valid for a year unless `days` says otherwise.
  nlohmann::json add(const std::string& name, const nlohmann::json& body) const;
  /// `{"value": […]}`.
  nlohmann::json list() const;
  nlohmann::json show(const std::string& name) const;
  /// `{"role"?, "groups"?}`; a role without groups is for all.
  nlohmann::json change(const std::string& name, const nlohmann::json& body) const;
  /// A new secret: `{"days"?, "overlapHours"?}`. The old ones, and all tokens, are void at once, or end after so many
  /// hours.
  nlohmann::json renew(const std::string& name, const nlohmann::json& body) const;
  void remove(const std::string& name) const;

 private:
  Principal require(const std::string& name) const;
  nlohmann::json shown(const Principal& principal) const;
  nlohmann::json with_secret(const Principal& principal, const Secret& secret) const;

  PrincipalAdminOptions options_;
};

/// `/providers/Batchai.Service/principals`: GET, and PUT, GET, PATCH, DELETE and POST …/renew of one.
std::vector<Route> principal_routes(const std::shared_ptr<const PrincipalAdmin>& admin);

}  // namespace batchai::server
