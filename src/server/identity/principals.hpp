#pragma once

#include "batchai/core/secret.hpp"
#include "batchai/core/time.hpp"
#include "server/records/store.hpp"

#include <optional>
#include <string>

namespace batchai::server {

/// An application that may sign in.
struct Principal {
  /// GUID; what clients call the client id.
  std::string app_id;
  /// GUID of the principal in its tenant: `oid` and `sub` of its tokens.
  std::string object_id;
  std::string display_name;
};

enum class SecretCheck { Right, Wrong, Expired };

/// Service principals and their secrets in the store (kind `servicePrincipal`). Secrets are kept as hashes only.
/// Thread-safe.
class Principals {
 public:
  explicit Principals(Store& store) : store_(store) {}

  /// Makes a principal with new ids.
  Principal create(const std::string& display_name);
  std::optional<Principal> find(const std::string& app_id) const;
  /// Adds a secret that is valid until `expires`. Throws std::out_of_range for an unknown principal.
  void add_secret(const std::string& app_id, const Secret& secret, Timestamp expires);
  /// Wrong for an unknown principal too.
  SecretCheck check_secret(const std::string& app_id, const Secret& secret, Timestamp now) const;

 private:
  std::optional<Document> document(const std::string& app_id) const;

  Store& store_;
};

}  // namespace batchai::server
