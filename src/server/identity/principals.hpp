#pragma once

#include "batchai/core/secret.hpp"
#include "batchai/core/time.hpp"
#include "server/records/store.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::server {

/// What a principal may do, as the built-in roles of Azure: everything; everything but what gives access to others;
/// reading.
enum class Role { Owner, Contributor, Reader };

/// As `contributor`.
std::string role_name(Role role);
/// In any case; nothing for an unknown one.
std::optional<Role> find_role(std::string_view name);

/// An application that may sign in.
struct Principal {
  /// GUID; what clients call the client id.
  std::string app_id;
  /// GUID of the principal in its tenant: `oid` and `sub` of its tokens.
  std::string object_id;
  /// No two principals have the same, whatever the case.
  std::string display_name;
  Role role = Role::Reader;
  /// The resource groups that the role is for; empty: all, and the subscription.
  std::vector<std::string> groups = {};
  /// How often its secrets have been revoked. Tokens of an earlier generation are void.
  std::int64_t generation = 0;

  bool is_limited() const noexcept { return !groups.empty(); }
  /// Whether the role is for this group.
  bool covers(std::string_view group) const;
};

enum class SecretCheck { Right, Wrong, Expired };

/// Service principals and their secrets in the store (kind `servicePrincipal`), which no one else may change: who they
/// are and what they may do is kept in memory, too, for it is asked with every request. Secrets are kept as hashes
/// only. Thread-safe. All calls but check_secret() know a principal by its app id in any case, and those that change
/// one throw std::out_of_range where there is none.
class Principals {
 public:
  explicit Principals(Store& store);

  /// Makes a principal with new ids. Throws ServiceFault 409 for a name that is taken.
  Principal create(const std::string& display_name, Role role = Role::Owner, std::vector<std::string> groups = {});
  /// Null for an unknown one.
  std::shared_ptr<const Principal> find(std::string_view app_id) const;
  std::shared_ptr<const Principal> find_by_name(std::string_view display_name) const;
  /// In the order of their creation.
  std::vector<Principal> list() const;
  /// When the last of its secrets expires; nothing where it has none.
  std::optional<Timestamp> secret_expiry(const std::string& app_id) const;

  void set_role(const std::string& app_id, Role role, const std::vector<std::string>& groups);
  /// Adds a secret that is valid until `expires`.
  void add_secret(const std::string& app_id, const Secret& secret, Timestamp expires);
  /// The same, and the others end `others_end` at the latest; where that is not given they end at once, and so do all
  /// tokens that the principal has.
  void renew_secret(const std::string& app_id, const Secret& secret, Timestamp expires,
                    std::optional<Timestamp> others_end = {});
  /// Its tokens are void from now on, too.
  void remove(const std::string& app_id);

  /// Wrong for an unknown principal too.
  SecretCheck check_secret(const std::string& app_id, const Secret& secret, Timestamp now) const;

 private:
  std::optional<Document> document(std::string_view app_id) const;
  void change(const std::string& app_id, const std::function<void(Document&)>& work);
  void keep(const Document& document);

  Store& store_;
  /// Held for the whole of a change, so that what is known follows the order of the writes.
  std::mutex changing_;
  mutable std::shared_mutex mutex_;
  /// By app id in lower case.
  std::map<std::string, std::shared_ptr<const Principal>, std::less<>> known_;
};

}  // namespace batchai::server
