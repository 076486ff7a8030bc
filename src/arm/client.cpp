#include "batchai/arm/client.hpp"

#include "arm/channel.hpp"
#include "arm/environment.hpp"
#include "batchai/core/error.hpp"
#include "batchai/models/names.hpp"
#include "core/answer.hpp"

namespace batchai::inline v1 {
namespace {

constexpr std::string_view kSubscriptionsVersion = "2019-11-01";
constexpr std::string_view kStorageVersion = "2022-09-01";
constexpr std::string_view kStorage = "Microsoft.Storage";
constexpr int kNotFound = 404;

/// The same casing as the official command line has.
Url group_url(const Channel& channel, std::string_view group) {
  check_group_name(group);
  return channel->subscription_url({"resourcegroups", group}, kResourcesVersion);
}

Url provider_url(const Channel& channel, std::string_view provider_namespace) {
  check_provider_namespace(provider_namespace);
  return channel->subscription_url({"providers", provider_namespace}, kResourcesVersion);
}

Url accounts_url(const Channel& channel, std::string_view group) {
  check_group_name(group);
  return channel->subscription_url({"resourceGroups", group, "providers", kStorage, "storageAccounts"},
                                   kStorageVersion);
}

Url account_url(const Channel& channel, std::string_view group, std::string_view account) {
  check_storage_account_name(account);
  return accounts_url(channel, group).append_segment(account);
}

/// Makes a share or container of an account, with the service's defaults.
void put_folder(const Channel& channel, Url url, std::initializer_list<std::string_view> place,
                const CallContext& context) {
  for (const std::string_view segment : place) {
    url.append_segment(segment);
  }
  channel->fetch(make_request("PUT", url, nlohmann::json{{"properties", nlohmann::json::object()}}), context);
}

}  // namespace

Pageable<Subscription> SubscriptionsClient::list(const CallContext& context) const {
  return batchai::list<Subscription>(
      channel_, make_request("GET", channel_->url({"subscriptions"}, kSubscriptionsVersion)), context);
}

Subscription SubscriptionsClient::get(std::string_view subscription, const CallContext& context) const {
  check_subscription(subscription);
  return call<Subscription>(
      channel_, make_request("GET", channel_->url({"subscriptions", subscription}, kSubscriptionsVersion)), context);
}

Pageable<Tenant> SubscriptionsClient::list_tenants(const CallContext& context) const {
  return batchai::list<Tenant>(channel_, make_request("GET", channel_->url({"tenants"}, kSubscriptionsVersion)),
                               context);
}

ResourceGroup ResourceGroupsClient::create_or_update(std::string_view group,
                                                     const ResourceGroupCreateParameters& parameters,
                                                     const CallContext& context) const {
  return call<ResourceGroup>(channel_, make_request("PUT", group_url(channel_, group), request_body(parameters)),
                             context);
}

ResourceGroup ResourceGroupsClient::get(std::string_view group, const CallContext& context) const {
  return call<ResourceGroup>(channel_, make_request("GET", group_url(channel_, group)), context);
}

bool ResourceGroupsClient::exists(std::string_view group, const CallContext& context) const {
  const HttpResponse response = channel_->send(make_request("HEAD", group_url(channel_, group)), context);
  if (response.status == kNotFound) {
    return false;
  }
  require_success(response);
  return true;
}

Pageable<ResourceGroup> ResourceGroupsClient::list(const CallContext& context) const {
  return batchai::list<ResourceGroup>(
      channel_, make_request("GET", channel_->subscription_url({"resourcegroups"}, kResourcesVersion)), context);
}

Operation<std::monostate> ResourceGroupsClient::start_remove(std::string_view group, const CallContext& context) const {
  return start<std::monostate>(channel_, make_request("DELETE", group_url(channel_, group)), context);
}

Provider ProvidersClient::register_provider(std::string_view provider_namespace, const CallContext& context) const {
  return call<Provider>(
      channel_, make_request("POST", provider_url(channel_, provider_namespace).append_segment("register")), context);
}

Provider ProvidersClient::get(std::string_view provider_namespace, const CallContext& context) const {
  return call<Provider>(channel_, make_request("GET", provider_url(channel_, provider_namespace)), context);
}

Pageable<Provider> ProvidersClient::list(const CallContext& context) const {
  return batchai::list<Provider>(
      channel_, make_request("GET", channel_->subscription_url({"providers"}, kResourcesVersion)), context);
}

Pageable<StorageAccountResource> StorageAccountsClient::list(const CallContext& context) const {
  const Url url = channel_->subscription_url({"providers", kStorage, "storageAccounts"}, kStorageVersion);
  return batchai::list<StorageAccountResource>(channel_, make_request("GET", url), context);
}

Pageable<StorageAccountResource> StorageAccountsClient::list_by_group(std::string_view group,
                                                                      const CallContext& context) const {
  return batchai::list<StorageAccountResource>(channel_, make_request("GET", accounts_url(channel_, group)), context);
}

std::vector<StorageAccountKey> StorageAccountsClient::list_keys(std::string_view group, std::string_view account,
                                                                const CallContext& context) const {
  const Url url = account_url(channel_, group, account).append_segment("listKeys");
  return call<StorageAccountKeys>(channel_, make_reading_post(url), context).keys;
}

std::vector<StorageAccountKey> StorageAccountsClient::renew_key(std::string_view group, std::string_view account,
                                                                std::string_view key_name,
                                                                const CallContext& context) const {
  const Url url = account_url(channel_, group, account).append_segment("regenerateKey");
  return call<StorageAccountKeys>(channel_, make_request("POST", url, nlohmann::json{{"keyName", key_name}}), context)
      .keys;
}

CheckNameResult StorageAccountsClient::check_name(std::string_view account, const CallContext& context) const {
  const Url url = channel_->subscription_url({"providers", kStorage, "checkNameAvailability"}, kStorageVersion);
  const CheckNameParameters question{.name = std::string(account), .type = "Microsoft.Storage/storageAccounts"};
  return call<CheckNameResult>(channel_, make_reading_post(url, request_body(question)), context);
}

Operation<StorageAccountResource> StorageAccountsClient::start_create(std::string_view group, std::string_view account,
                                                                      const StorageAccountCreateParameters& parameters,
                                                                      const CallContext& context) const {
  return start<StorageAccountResource>(
      channel_, make_request("PUT", account_url(channel_, group, account), request_body(parameters)), context);
}

void StorageAccountsClient::create_share(std::string_view group, std::string_view account, std::string_view share,
                                         const CallContext& context) const {
  put_folder(channel_, account_url(channel_, group, account), {"fileServices", "default", "shares", share}, context);
}

void StorageAccountsClient::create_container(std::string_view group, std::string_view account,
                                             std::string_view container, const CallContext& context) const {
  put_folder(channel_, account_url(channel_, group, account), {"blobServices", "default", "containers", container},
             context);
}

ArmClient::ArmClient(std::shared_ptr<TokenCredential> credential, std::string subscription,
                     const ManagementOptions& options)
    : channel_(std::make_shared<const ManagementChannel>(std::move(credential), std::move(subscription), options)) {}

ArmClient ArmClient::from_environment(const ClientOptions& client) {
  const ManagementOptions options = ManagementOptions::from_environment(client);
  EnvironmentIdentity identity = identity_from_environment(options);
  return {std::move(identity.credential), std::move(identity.subscription), options};
}

template <>
inline constexpr std::string_view kTypeOf<StorageAccountResource> = "Microsoft.Storage/storageAccounts";

template <class T>
Operation<T> ArmClient::resume_as(const std::string& token) const {
  return batchai::resume<T>(channel_, token);
}

template Operation<StorageAccountResource> ArmClient::resume_as<StorageAccountResource>(const std::string&) const;
template Operation<std::monostate> ArmClient::resume_as<std::monostate>(const std::string&) const;

}  // namespace batchai::inline v1
