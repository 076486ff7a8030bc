#pragma once

#include "batchai/core/open_enum.hpp"
#include "batchai/core/secret.hpp"
#include "batchai/core/time.hpp"
#include "batchai/models/model.hpp"
#include "batchai/version.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

BATCHAI_NAMESPACE_BEGIN

/// Free labels of a resource.
using Tags = std::map<std::string, std::string>;

/// Names a resource by its full ARM id.
struct ResourceId {
  std::string id;
  UnknownMembers unknown = {};

  friend bool operator==(const ResourceId&, const ResourceId&) = default;
};

/// A detail of an error.
struct NameValuePair {
  std::string name;
  std::string value;
  UnknownMembers unknown = {};

  friend bool operator==(const NameValuePair&, const NameValuePair&) = default;
};

/// What went wrong on a node or in a job; it is part of the resource, not of an HTTP error.
struct BatchAiError {
  std::string code;
  std::string message;
  std::vector<NameValuePair> details = {};
  UnknownMembers unknown = {};

  friend bool operator==(const BatchAiError&, const BatchAiError&) = default;
};

/// A secret that the service fetches from a key vault.
struct KeyVaultSecretReference {
  ResourceId source_vault;
  /// `https://{vault}.vault.azure.net/secrets/{name}[/{version}]`
  std::string secret_url;
  UnknownMembers unknown = {};

  friend bool operator==(const KeyVaultSecretReference&, const KeyVaultSecretReference&) = default;
};

/// A variable of the processes of a job.
struct EnvironmentVariable {
  std::string name;
  std::string value;
  UnknownMembers unknown = {};

  friend bool operator==(const EnvironmentVariable&, const EnvironmentVariable&) = default;
};

/// The service never returns `value`. One of `value` and `value_secret_reference` is needed.
struct EnvironmentVariableWithSecretValue {
  std::string name;
  std::optional<Secret> value = {};
  std::optional<KeyVaultSecretReference> value_secret_reference = {};
  UnknownMembers unknown = {};

  friend bool operator==(const EnvironmentVariableWithSecretValue&,
                         const EnvironmentVariableWithSecretValue&) = default;
};

/// The administrator of a node. The service wants a key or a password and never returns the password.
struct UserAccountSettings {
  std::string admin_user_name;
  std::optional<std::string> admin_user_ssh_public_key = {};
  std::optional<Secret> admin_user_password = {};
  UnknownMembers unknown = {};

  friend bool operator==(const UserAccountSettings&, const UserAccountSettings&) = default;
};

/// Of every resource. `updating` is for file servers only.
struct ProvisioningState : OpenEnum<ProvisioningState> {
  using OpenEnum::OpenEnum;
  static constexpr Constant kCreating{"creating"};
  static constexpr Constant kUpdating{"updating"};
  static constexpr Constant kDeleting{"deleting"};
  static constexpr Constant kSucceeded{"succeeded"};
  static constexpr Constant kFailed{"failed"};
};

/// Where to log on to a node with SSH.
struct RemoteLoginInformation {
  std::string node_id;
  std::string ip_address;
  std::int32_t port = 0;
  UnknownMembers unknown = {};

  friend bool operator==(const RemoteLoginInformation&, const RemoteLoginInformation&) = default;
};

BATCHAI_NAMESPACE_END
