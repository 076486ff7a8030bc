#pragma once

#include "batchai/arm/models.hpp"
#include "batchai/core/secret.hpp"
#include "batchai/core/url.hpp"
#include "cli/app/context.hpp"

#include <map>
#include <string>

namespace batchai::cli {

/// What to do where no key is found.
inline constexpr const char* kGiveKey = "give its key with --storage-account-key, or in the config file";

/// The storage account that commands mount from by default, and its key; looks up the keys of other accounts.
class StorageKeys {
 public:
  /// --storage-account-name and -key, else AZURE_BATCHAI_STORAGE_…, else the profile's [batchai].
  StorageKeys(const Arguments& arguments, const Context& context);

  /// Empty when none is named.
  const std::string& account() const noexcept { return account_; }
  /// May be empty for an account from the settings; looked up for one from the command line.
  const Secret& key();
  /// The first key of an account, from the subscription; where that shows none, as to somebody who is limited to a
  /// group, what the settings of `files` say of the account, unless they say that it is at another endpoint than that
  /// of the service in use. Throws CommandError with `hint`: exit 3 when there is no such account, 1 when it has no
  /// key; and as every request where the subscription cannot be asked.
  Secret look_up(const std::string& account, const std::string& hint = kGiveKey);

 private:
  Secret find_key(const std::string& account, const std::string& hint) const;

  const Context& context_;
  std::string account_;
  Secret key_;
  bool look_up_key_ = false;
  std::map<std::string, Secret> found_;
};

/// Where the account's shares are, as the settings say: at the files endpoint, else in the cloud.
Url files_endpoint_of(const std::string& account, const Context& context);

/// The account of that name in the subscription. Throws CommandError (exit 3) with `hint` when there is none.
StorageAccountResource find_storage_account(const std::string& name, const Context& context,
                                            const std::string& hint = kGiveKey);

/// The first key of an account in a known group. Throws CommandError with `hint` when it has none.
Secret first_key_of(const std::string& group, const std::string& account, const Context& context,
                    const std::string& hint = kGiveKey);

}  // namespace batchai::cli
