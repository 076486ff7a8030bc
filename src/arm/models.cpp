#include "batchai/arm/models.hpp"

#include "models/common_tables.hpp"

namespace batchai::inline v1::describe {

template <>
struct Table<Subscription> {
  static constexpr auto kFields = std::tuple(
      field("id", &Subscription::id, kReadOnly), field("subscriptionId", &Subscription::subscription_id, kReadOnly),
      field("tenantId", &Subscription::tenant_id, kReadOnly),
      field("displayName", &Subscription::display_name, kReadOnly), field("state", &Subscription::state, kReadOnly));
};

template <>
struct Table<Tenant> {
  static constexpr auto kFields =
      std::tuple(field("id", &Tenant::id, kReadOnly), field("tenantId", &Tenant::tenant_id, kReadOnly),
                 field("displayName", &Tenant::display_name, kReadOnly));
};

template <>
struct Table<ResourceGroupCreateParameters> {
  static constexpr auto kFields = std::tuple(field("location", &ResourceGroupCreateParameters::location, kRequired),
                                             field("tags", &ResourceGroupCreateParameters::tags));
};

template <>
struct Table<ResourceGroup> {
  static constexpr auto kFields = std::tuple_cat(
      identity<ResourceGroup>(),
      std::tuple(field("location", &ResourceGroup::location), field("tags", &ResourceGroup::tags),
                 field("provisioningState", &ResourceGroup::provisioning_state, kReadOnly | kInProperties)));
};

template <>
struct Table<ProviderResourceType> {
  static constexpr auto kFields = std::tuple(field("resourceType", &ProviderResourceType::resource_type, kReadOnly),
                                             field("locations", &ProviderResourceType::locations, kReadOnly),
                                             field("apiVersions", &ProviderResourceType::api_versions, kReadOnly));
};

template <>
struct Table<Provider> {
  static constexpr auto kFields =
      std::tuple(field("id", &Provider::id, kReadOnly), field("namespace", &Provider::provider_namespace, kReadOnly),
                 field("registrationState", &Provider::registration_state, kReadOnly),
                 field("registrationPolicy", &Provider::registration_policy, kReadOnly),
                 field("resourceTypes", &Provider::resource_types, kReadOnly));
};

template <>
struct Table<StorageSku> {
  static constexpr auto kFields =
      std::tuple(field("name", &StorageSku::name, kRequired), field("tier", &StorageSku::tier));
};

template <>
struct Table<StorageEndpoints> {
  static constexpr auto kFields =
      std::tuple(field("file", &StorageEndpoints::file), field("blob", &StorageEndpoints::blob),
                 field("queue", &StorageEndpoints::queue), field("table", &StorageEndpoints::table));
};

template <>
struct Table<StorageAccountCreateParameters> {
  static constexpr auto kFields = std::tuple(
      field("sku", &StorageAccountCreateParameters::sku, kRequired),
      field("kind", &StorageAccountCreateParameters::kind, kRequired),
      field("location", &StorageAccountCreateParameters::location, kRequired),
      field("tags", &StorageAccountCreateParameters::tags),
      field("supportsHttpsTrafficOnly", &StorageAccountCreateParameters::supports_https_traffic_only, kInProperties));
};

template <>
struct Table<StorageAccountResource> {
  static constexpr auto kFields = std::tuple_cat(
      identity<StorageAccountResource>(),
      std::tuple(
          field("location", &StorageAccountResource::location), field("tags", &StorageAccountResource::tags),
          field("sku", &StorageAccountResource::sku), field("kind", &StorageAccountResource::kind),
          field("provisioningState", &StorageAccountResource::provisioning_state, kReadOnly | kInProperties),
          field("creationTime", &StorageAccountResource::creation_time, kReadOnly | kInProperties),
          field("primaryLocation", &StorageAccountResource::primary_location, kReadOnly | kInProperties),
          field("statusOfPrimary", &StorageAccountResource::status_of_primary, kReadOnly | kInProperties),
          field("primaryEndpoints", &StorageAccountResource::primary_endpoints, kReadOnly | kInProperties),
          field("supportsHttpsTrafficOnly", &StorageAccountResource::supports_https_traffic_only, kInProperties)));
};

template <>
struct Table<StorageAccountKey> {
  static constexpr auto kFields = std::tuple(field("keyName", &StorageAccountKey::key_name, kReadOnly),
                                             field("value", &StorageAccountKey::value, kReadOnly),
                                             field("permissions", &StorageAccountKey::permissions, kReadOnly),
                                             field("creationTime", &StorageAccountKey::creation_time, kReadOnly));
};

template <>
struct Table<StorageAccountKeys> {
  static constexpr auto kFields = std::tuple(field("keys", &StorageAccountKeys::keys, kReadOnly));
};

template <>
struct Table<CheckNameParameters> {
  static constexpr auto kFields = std::tuple(field("name", &CheckNameParameters::name, kRequired),
                                             field("type", &CheckNameParameters::type, kRequired));
};

template <>
struct Table<CheckNameResult> {
  static constexpr auto kFields = std::tuple(field("nameAvailable", &CheckNameResult::name_available, kReadOnly),
                                             field("reason", &CheckNameResult::reason, kReadOnly),
                                             field("message", &CheckNameResult::message, kReadOnly));
};

}  // namespace batchai::inline v1::describe

namespace batchai::inline v1 {

BATCHAI_MODEL(Subscription)
BATCHAI_MODEL(Tenant)
BATCHAI_MODEL(ResourceGroupCreateParameters)
BATCHAI_MODEL(ResourceGroup)
BATCHAI_MODEL(ProviderResourceType)
BATCHAI_MODEL(Provider)
BATCHAI_MODEL(StorageSku)
BATCHAI_MODEL(StorageEndpoints)
BATCHAI_MODEL(StorageAccountCreateParameters)
BATCHAI_MODEL(StorageAccountResource)
BATCHAI_MODEL(StorageAccountKey)
BATCHAI_MODEL(StorageAccountKeys)
BATCHAI_MODEL(CheckNameParameters)
BATCHAI_MODEL(CheckNameResult)

}  // namespace batchai::inline v1
