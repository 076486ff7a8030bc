#pragma once

#include "batchai/models/common.hpp"
#include "batchai/version.hpp"

BATCHAI_NAMESPACE_BEGIN

/// What Azure Resource Manager and Azure Storage call their states, in their own capitals; compares in any case.
struct ArmState : OpenEnum<ArmState> {
  using OpenEnum::OpenEnum;
  static constexpr Constant kCreating{"Creating"};
  static constexpr Constant kDeleting{"Deleting"};
  static constexpr Constant kSucceeded{"Succeeded"};
  static constexpr Constant kFailed{"Failed"};
};

/// Whether a subscription is registered for a provider.
struct RegistrationState : OpenEnum<RegistrationState> {
  using OpenEnum::OpenEnum;
  static constexpr Constant kNotRegistered{"NotRegistered"};
  static constexpr Constant kRegistering{"Registering"};
  static constexpr Constant kRegistered{"Registered"};
  static constexpr Constant kUnregistering{"Unregistering"};
};

/// A subscription, as the service shows it.
struct Subscription {
  std::string id;
  std::string subscription_id;
  std::string tenant_id;
  std::string display_name;
  /// As `Enabled`.
  std::string state;
  UnknownMembers unknown = {};

  friend bool operator==(const Subscription&, const Subscription&) = default;
};

/// A tenant, as the service shows it.
struct Tenant {
  std::string id;
  std::string tenant_id;
  std::string display_name;
  UnknownMembers unknown = {};

  friend bool operator==(const Tenant&, const Tenant&) = default;
};

/// What a group is created with.
struct ResourceGroupCreateParameters {
  std::string location;
  Tags tags = {};
  UnknownMembers unknown = {};

  friend bool operator==(const ResourceGroupCreateParameters&, const ResourceGroupCreateParameters&) = default;
};

/// A group that resources are in, as the service shows it.
struct ResourceGroup {
  std::string id;
  std::string name;
  std::string type;
  std::string location;
  Tags tags = {};
  ArmState provisioning_state = {};
  UnknownMembers unknown = {};

  friend bool operator==(const ResourceGroup&, const ResourceGroup&) = default;
};

/// A type of resources of a provider.
struct ProviderResourceType {
  std::string resource_type;
  std::vector<std::string> locations = {};
  std::vector<std::string> api_versions = {};
  UnknownMembers unknown = {};

  friend bool operator==(const ProviderResourceType&, const ProviderResourceType&) = default;
};

/// A resource provider as seen from the subscription.
struct Provider {
  std::string id;
  /// As `Microsoft.BatchAI`.
  std::string provider_namespace;
  RegistrationState registration_state = {};
  std::optional<std::string> registration_policy = {};
  std::vector<ProviderResourceType> resource_types = {};
  UnknownMembers unknown = {};

  friend bool operator==(const Provider&, const Provider&) = default;
};

/// The kind of a storage account.
struct StorageSku {
  /// As `Standard_LRS`.
  std::string name;
  std::optional<std::string> tier = {};
  UnknownMembers unknown = {};

  friend bool operator==(const StorageSku&, const StorageSku&) = default;
};

/// URLs of an account's services, each ending in a slash.
struct StorageEndpoints {
  std::optional<std::string> file = {};
  std::optional<std::string> blob = {};
  std::optional<std::string> queue = {};
  std::optional<std::string> table = {};
  UnknownMembers unknown = {};

  friend bool operator==(const StorageEndpoints&, const StorageEndpoints&) = default;
};

/// What a storage account is created with.
struct StorageAccountCreateParameters {
  StorageSku sku;
  /// As `Storage` or `StorageV2`.
  std::string kind;
  std::string location;
  Tags tags = {};
  std::optional<bool> supports_https_traffic_only = {};
  UnknownMembers unknown = {};

  friend bool operator==(const StorageAccountCreateParameters&, const StorageAccountCreateParameters&) = default;
};

/// A storage account, as the service shows it.
struct StorageAccountResource {
  std::string id;
  std::string name;
  std::string type;
  std::string location;
  Tags tags = {};
  std::optional<StorageSku> sku = {};
  std::string kind;
  ArmState provisioning_state = {};
  std::optional<Timestamp> creation_time = {};
  std::optional<std::string> primary_location = {};
  std::optional<std::string> status_of_primary = {};
  std::optional<StorageEndpoints> primary_endpoints = {};
  std::optional<bool> supports_https_traffic_only = {};
  UnknownMembers unknown = {};

  friend bool operator==(const StorageAccountResource&, const StorageAccountResource&) = default;
};

/// One of the keys of a storage account.
struct StorageAccountKey {
  /// `key1` or `key2`.
  std::string key_name;
  std::optional<Secret> value = {};
  /// As `FULL`.
  std::string permissions;
  std::optional<Timestamp> creation_time = {};
  UnknownMembers unknown = {};

  friend bool operator==(const StorageAccountKey&, const StorageAccountKey&) = default;
};

/// Answer of listKeys.
struct StorageAccountKeys {
  std::vector<StorageAccountKey> keys = {};
  UnknownMembers unknown = {};

  friend bool operator==(const StorageAccountKeys&, const StorageAccountKeys&) = default;
};

/// Question of checkNameAvailability.
struct CheckNameParameters {
  std::string name;
  std::string type;
  UnknownMembers unknown = {};

  friend bool operator==(const CheckNameParameters&, const CheckNameParameters&) = default;
};

/// Whether an account name is free everywhere.
struct CheckNameResult {
  std::optional<bool> name_available = {};
  /// `AlreadyExists` or `AccountNameInvalid`.
  std::optional<std::string> reason = {};
  std::optional<std::string> message = {};
  UnknownMembers unknown = {};

  friend bool operator==(const CheckNameResult&, const CheckNameResult&) = default;
};

BATCHAI_NAMESPACE_END
