#pragma once

#include "batchai/arm/management_options.hpp"
#include "batchai/arm/models.hpp"
#include "batchai/core/operation.hpp"
#include "batchai/version.hpp"

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

BATCHAI_NAMESPACE_BEGIN

class ManagementChannel;

// All calls here throw InvalidArgument for names against the rules, ServiceError where the service refuses,
// ProtocolError where its answer makes no sense, and as Pipeline::send. Lists send their requests while they are
// iterated, with the context of the list call. The clients are cheap to copy and thread-safe.

/// Subscriptions and tenants that the credential sees. Calls throw as ArmClient says. Thread-safe, cheap to copy.
class SubscriptionsClient {
 public:
  /// Made by ArmClient; `channel` is kept.
  explicit SubscriptionsClient(std::shared_ptr<const ManagementChannel> channel) : channel_(std::move(channel)) {}
  /// Those that the credential can see; needs no subscription.
  [[nodiscard]] Pageable<Subscription> list(const CallContext& context = {}) const;
  /// One subscription. 404 when the credential does not see it.
  [[nodiscard]] Subscription get(std::string_view subscription, const CallContext& context = {}) const;
  /// The tenants that the credential sees, page by page.
  [[nodiscard]] Pageable<Tenant> list_tenants(const CallContext& context = {}) const;

 private:
  std::shared_ptr<const ManagementChannel> channel_;
};

/// The resource groups of a subscription. Calls throw as ArmClient says. Thread-safe, cheap to copy.
class ResourceGroupsClient {
 public:
  /// Made by ArmClient; `channel` is kept.
  explicit ResourceGroupsClient(std::shared_ptr<const ManagementChannel> channel) : channel_(std::move(channel)) {}
  /// Makes the group, or changes its tags; its location cannot change.
  ResourceGroup create_or_update(std::string_view group, const ResourceGroupCreateParameters& parameters,
                                 const CallContext& context = {}) const;
  /// The group as it is now. 404 ResourceGroupNotFound when it is not there.
  [[nodiscard]] ResourceGroup get(std::string_view group, const CallContext& context = {}) const;
  /// Whether it is there. Throws what get() throws, but for 404.
  [[nodiscard]] bool exists(std::string_view group, const CallContext& context = {}) const;
  /// All groups of the subscription, page by page.
  [[nodiscard]] Pageable<ResourceGroup> list(const CallContext& context = {}) const;
  /// Removes the group and everything in it.
  Operation<std::monostate> start_remove(std::string_view group, const CallContext& context = {}) const;

 private:
  std::shared_ptr<const ManagementChannel> channel_;
};

/// Resource providers, and the registration of a subscription for them. Calls throw as ArmClient says. Thread-safe,
/// cheap to copy.
class ProvidersClient {
 public:
  /// Made by ArmClient; `channel` is kept.
  explicit ProvidersClient(std::shared_ptr<const ManagementChannel> channel) : channel_(std::move(channel)) {}
  /// Lets the subscription use the provider, as `Microsoft.BatchAI`. The state is Registering at first.
  Provider register_provider(std::string_view provider_namespace, const CallContext& context = {}) const;
  /// One provider, as `Microsoft.BatchAI`. 404 for one that there is not.
  [[nodiscard]] Provider get(std::string_view provider_namespace, const CallContext& context = {}) const;
  /// All providers, page by page.
  [[nodiscard]] Pageable<Provider> list(const CallContext& context = {}) const;

 private:
  std::shared_ptr<const ManagementChannel> channel_;
};

/// The storage accounts of a subscription. Calls throw as ArmClient says. Thread-safe, cheap to copy.
class StorageAccountsClient {
 public:
  /// Made by ArmClient; `channel` is kept.
  explicit StorageAccountsClient(std::shared_ptr<const ManagementChannel> channel) : channel_(std::move(channel)) {}
  /// All accounts of the subscription, page by page.
  [[nodiscard]] Pageable<StorageAccountResource> list(const CallContext& context = {}) const;
  /// Those of a group. 404 ResourceGroupNotFound when it is not there.
  [[nodiscard]] Pageable<StorageAccountResource> list_by_group(std::string_view group,
                                                               const CallContext& context = {}) const;
  /// The keys of an account, which are secret. 404 ResourceNotFound when it is not there.
  [[nodiscard]] std::vector<StorageAccountKey> list_keys(std::string_view group, std::string_view account,
                                                         const CallContext& context = {}) const;
  /// Makes another key in place of `key1` or `key2`; what was signed with the old one is void. Returns both keys.
  std::vector<StorageAccountKey> renew_key(std::string_view group, std::string_view account, std::string_view key_name,
                                           const CallContext& context = {}) const;
  /// Also asks about names against the rules: the answer says why they are not available.
  [[nodiscard]] CheckNameResult check_name(std::string_view account, const CallContext& context = {}) const;
  /// Makes the account, or changes what can be changed of it. Fails with 409 for a name that somebody else has.
  Operation<StorageAccountResource> start_create(std::string_view group, std::string_view account,
                                                 const StorageAccountCreateParameters& parameters,
                                                 const CallContext& context = {}) const;
  /// Makes a file share. One that exists stays as it is.
  void create_share(std::string_view group, std::string_view account, std::string_view share,
                    const CallContext& context = {}) const;
  /// Makes a blob container, without access for the public. One that exists stays as it is.
  void create_container(std::string_view group, std::string_view account, std::string_view container,
                        const CallContext& context = {}) const;

 private:
  std::shared_ptr<const ManagementChannel> channel_;
};

/// What the operations of ArmClient return in the end; std::monostate for a removal.
template <class T>
concept ArmOperationResult = std::same_as<T, StorageAccountResource> || std::same_as<T, std::monostate>;

/// Azure Resource Manager: the resources that Batch AI needs. Thread-safe, cheap to copy. Its calls, and those of the
/// clients that it gives, throw InvalidArgument before anything is sent, ServiceError where the service refuses, and as
/// Pipeline::send; lists throw while they are walked through. Facts: learn.microsoft.com/rest/api/resources.
class ArmClient {
 public:
  /// Throws InvalidArgument for a null credential, for a broken endpoint, and for plain http off this machine.
  ArmClient(std::shared_ptr<TokenCredential> credential, std::string subscription,
            const ManagementOptions& options = {});
  /// Of the subscription AZURE_SUBSCRIPTION_ID, at ManagementOptions::from_environment(), signed in as
  /// make_default_credential() does: with the variables of every Azure SDK, which `batchai local env` prints for a
  /// service on this machine. Throws InvalidArgument naming the variable that is not set.
  [[nodiscard]] static ArmClient from_environment(const ClientOptions& client = {});

  /// The subscriptions that the credential sees.
  [[nodiscard]] SubscriptionsClient subscriptions() const { return SubscriptionsClient(channel_); }
  /// The resource groups of the subscription.
  [[nodiscard]] ResourceGroupsClient resource_groups() const { return ResourceGroupsClient(channel_); }
  /// Which resource providers the subscription is registered for.
  [[nodiscard]] ProvidersClient providers() const { return ProvidersClient(channel_); }
  /// The storage accounts of the subscription.
  [[nodiscard]] StorageAccountsClient storage_accounts() const { return StorageAccountsClient(channel_); }

  /// Continues a start_… call by its token: T is StorageAccountResource, or std::monostate for a removal. Throws
  /// InvalidArgument for a broken token, for one of an operation that does not return a T, and for one of a service at
  /// another endpoint. Sends nothing.
  template <class T>
  [[nodiscard]] Operation<T> resume(const std::string& token) const {
    static_assert(ArmOperationResult<T>,
                  "ArmClient::resume<T>: T has to be StorageAccountResource, or std::monostate for a removal");
    return resume_as<T>(token);
  }

 private:
  template <class T>
  Operation<T> resume_as(const std::string& token) const;

  std::shared_ptr<const ManagementChannel> channel_;
};

BATCHAI_NAMESPACE_END
