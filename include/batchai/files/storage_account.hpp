#pragma once

#include "batchai/core/credential.hpp"
#include "batchai/core/secret.hpp"
#include "batchai/core/url.hpp"
#include "batchai/version.hpp"

#include <memory>
#include <string>
#include <string_view>

BATCHAI_NAMESPACE_BEGIN
namespace files {

/// Where an account's shares are and what opens them: the account key, else a SAS, else a credential, else nothing.
struct StorageAccount {
  std::string name;
  /// Base64, as the portal shows it.
  Secret key = {};
  /// Query of a shared access signature, with or without the leading question mark. Used when there is no key.
  Secret sas = {};
  /// Signs in for `https://storage.azure.com/`; its principal needs a role that reads and writes files with the intent
  /// `backup`. Used when there is neither key nor SAS; may be null.
  std::shared_ptr<TokenCredential> credential = nullptr;
  /// Base of the account's URLs: `https://NAME.file.core.windows.net`, or with the account in the path
  /// `http://127.0.0.1:PORT/NAME`.
  Url endpoint = {};

  /// Reads `AccountName`, `AccountKey`, `SharedAccessSignature`, `FileEndpoint`, `EndpointSuffix` and
  /// `DefaultEndpointsProtocol`. Without `AccountName` the account is the one that `FileEndpoint` shows. Throws
  /// InvalidArgument naming the part that is missing or wrong, never its value.
  [[nodiscard]] static StorageAccount from_connection_string(const Secret& text);

  /// AZURE_STORAGE_CONNECTION_STRING; where it is not set, AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY or
  /// AZURE_STORAGE_SAS_TOKEN, at BATCHAI_FILES_ENDPOINT or in the cloud that BATCHAI_CLOUD names (AzureCloud where
  /// neither is set). Throws InvalidArgument naming the variable that is missing or wrong, never its value.
  [[nodiscard]] static StorageAccount from_environment();
};

/// What a URL with a shared access signature names: an account, opened by the signature, and a share, directory or file
/// in it.
struct SignedUrl {
  StorageAccount account;
  std::string share;
  /// Below the share, decoded; empty for the share itself.
  std::string path;

  /// Throws InvalidArgument, without the signature, for a URL that names no share or has no signature.
  [[nodiscard]] static SignedUrl parse(const Url& url);
};

/// The account's endpoint in a cloud: `https://NAME.file.SUFFIX`, SUFFIX as `core.windows.net`.
[[nodiscard]] Url cloud_files_endpoint(std::string_view account, std::string_view storage_suffix);

/// The account's endpoint below a given base (BATCHAI_FILES_ENDPOINT): path-style when the host is an IP address or
/// localhost, `NAME.` put before the host otherwise. A base that names the account already stays as it is.
[[nodiscard]] Url custom_files_endpoint(std::string_view account, std::string_view base);

}  // namespace files
BATCHAI_NAMESPACE_END
