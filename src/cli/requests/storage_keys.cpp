#include "cli/requests/storage_keys.hpp"

#include "batchai/arm/client.hpp"
#include "batchai/files/storage_account.hpp"
#include "batchai/models/resource_id.hpp"
#include "cli/app/services.hpp"

namespace batchai::cli {
namespace {

bool is_same_place(const Url& a, const Url& b) {
  const auto place = [](const Url& url) {
    const std::string text = url.origin() + url.path();
    return text.substr(0, text.find_last_not_of('/') + 1);
  };
  return iequals(place(a), place(b));
}

/// Of AZURE_STORAGE_…, or the profile's [storage]; empty where they are of another account, or of one that has the same
/// name in another service.
Secret key_for_files(const std::string& account, const Context& context) {
  const StorageSettings stored = context.settings.storage();
  if (stored.connection_string.empty()) {
    return iequals(stored.account, account) ? stored.key : Secret();
  }
  const auto described = files::StorageAccount::from_connection_string(stored.connection_string);
  const bool is_it =
      iequals(described.name, account) && is_same_place(described.endpoint, files_endpoint_of(described.name, context));
  return is_it ? described.key : Secret();
}

/// Whether the subscription was asked and shows no such account, or not its key.
bool means_not_shown(const Error& error) {
  if (const auto* refused = dynamic_cast<const ServiceError*>(&error)) {
    return refused->status() == 403 || refused->status() == 404;
  }
  const auto* none = dynamic_cast<const CommandError*>(&error);
  return none != nullptr && (none->exit_code() == kNotFound || none->exit_code() == kFailed);
}

}  // namespace

StorageKeys::StorageKeys(const Arguments& arguments, const Context& context) : context_(context) {
  const StorageSettings stored = context.settings.batchai_storage();
  if (const auto named = arguments.find("storage-account-name")) {
    account_ = *named;
    look_up_key_ = !arguments.has("storage-account-key");
  } else {
    account_ = stored.account;
    key_ = stored.key;
  }
  if (const auto key = arguments.find("storage-account-key")) {
    key_ = Secret(*key);
  }
}

const Secret& StorageKeys::key() {
  if (look_up_key_) {
    key_ = look_up(account_);
    look_up_key_ = false;
  }
  return key_;
}

Secret StorageKeys::look_up(const std::string& account, const std::string& hint) {
  if (const auto found = found_.find(account); found != found_.end()) {
    return found->second;
  }
  return found_[account] = find_key(account, hint);
}

Secret StorageKeys::find_key(const std::string& account, const std::string& hint) const {
  try {
    const StorageAccountResource found = find_storage_account(account, context_, hint);
    return first_key_of(parse_resource_id(found.id).group, found.name, context_, hint);
  } catch (const Error& error) {
    Secret key = means_not_shown(error) ? key_for_files(account, context_) : Secret();
    if (key.empty()) {
      throw;
    }
    return key;
  }
}

Url files_endpoint_of(const std::string& account, const Context& context) {
  const Endpoints& endpoints = context.services.endpoints();
  return endpoints.files.empty() ? files::cloud_files_endpoint(account, endpoints.storage_suffix)
                                 : files::custom_files_endpoint(account, endpoints.files);
}

StorageAccountResource find_storage_account(const std::string& name, const Context& context, const std::string& hint) {
  for (StorageAccountResource& candidate : context.services.arm().storage_accounts().list(context.call()).to_vector()) {
    if (iequals(candidate.name, name)) {
      return std::move(candidate);
    }
  }
  throw CommandError(kNotFound, "cannot find the storage account '" + name + "' in the subscription", hint);
}

Secret first_key_of(const std::string& group, const std::string& account, const Context& context,
                    const std::string& hint) {
  for (const StorageAccountKey& key :
       context.services.arm().storage_accounts().list_keys(group, account, context.call())) {
    if (key.value && !key.value->empty()) {
      return *key.value;
    }
  }
  throw CommandError(kFailed, "cannot find a key of the storage account '" + account + "'", hint);
}

}  // namespace batchai::cli
