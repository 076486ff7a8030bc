#include "cli/requests/storage_keys.hpp"

#include "batchai/arm/client.hpp"
#include "batchai/files/storage_account.hpp"
#include "batchai/models/resource_id.hpp"
#include "cli/app/services.hpp"

namespace batchai::cli {
namespace {

/// Of AZURE_STORAGE_…, or the profile's [storage]; empty where they are of another account.
Secret key_for_files(const std::string& account, Settings& settings) {
  const StorageSettings stored = settings.storage();
  if (stored.connection_string.empty()) {
    return iequals(stored.account, account) ? stored.key : Secret();
  }
  const auto described = files::StorageAccount::from_connection_string(stored.connection_string);
  return iequals(described.name, account) ? described.key : Secret();
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
  } catch (const Cancelled&) {
    throw;
  } catch (const Error&) {
    Secret key = key_for_files(account, context_.settings);
    if (key.empty()) {
      throw;
    }
    return key;
  }
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
