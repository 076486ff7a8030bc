#pragma once

#include "batchai/models/common.hpp"
#include "models/describe.hpp"

namespace batchai::inline v1::describe {

/// The members that every resource has.
template <class T>
constexpr auto identity() {
  return std::tuple(field("id", &T::id, kReadOnly), field("name", &T::name, kReadOnly),
                    field("type", &T::type, kReadOnly));
}

template <class T>
constexpr auto provisioning() {
  constexpr unsigned kFlags = kReadOnly | kInProperties;
  return std::tuple(field("creationTime", &T::creation_time, kFlags),
                    field("provisioningState", &T::provisioning_state, kFlags),
                    field("provisioningStateTransitionTime", &T::provisioning_state_transition_time, kFlags));
}

template <>
struct Table<ResourceId> {
  static constexpr auto kFields = std::tuple(field("id", &ResourceId::id, kRequired));
};

template <>
struct Table<NameValuePair> {
  static constexpr auto kFields =
      std::tuple(field("name", &NameValuePair::name), field("value", &NameValuePair::value));
};

template <>
struct Table<BatchAiError> {
  static constexpr auto kFields =
      std::tuple(field("code", &BatchAiError::code, kReadOnly), field("message", &BatchAiError::message, kReadOnly),
                 field("details", &BatchAiError::details, kReadOnly));
};

template <>
struct Table<KeyVaultSecretReference> {
  static constexpr auto kFields = std::tuple(field("sourceVault", &KeyVaultSecretReference::source_vault, kRequired),
                                             field("secretUrl", &KeyVaultSecretReference::secret_url, kRequired));
};

template <>
struct Table<EnvironmentVariable> {
  static constexpr auto kFields = std::tuple(field("name", &EnvironmentVariable::name, kRequired),
                                             field("value", &EnvironmentVariable::value, kRequired));
};

template <>
struct Table<EnvironmentVariableWithSecretValue> {
  static constexpr auto kFields =
      std::tuple(field("name", &EnvironmentVariableWithSecretValue::name, kRequired),
                 field("value", &EnvironmentVariableWithSecretValue::value),
                 field("valueSecretReference", &EnvironmentVariableWithSecretValue::value_secret_reference));
};

template <>
struct Table<UserAccountSettings> {
  static constexpr auto kFields =
      std::tuple(field("adminUserName", &UserAccountSettings::admin_user_name, kRequired),
                 field("adminUserSshPublicKey", &UserAccountSettings::admin_user_ssh_public_key),
                 field("adminUserPassword", &UserAccountSettings::admin_user_password));
};

template <>
struct Table<RemoteLoginInformation> {
  static constexpr auto kFields = std::tuple(field("nodeId", &RemoteLoginInformation::node_id, kReadOnly),
                                             field("ipAddress", &RemoteLoginInformation::ip_address, kReadOnly),
                                             field("port", &RemoteLoginInformation::port, kReadOnly));
};

}  // namespace batchai::inline v1::describe

namespace batchai::inline v1 {

BATCHAI_MODEL_ELSEWHERE(ResourceId)
BATCHAI_MODEL_ELSEWHERE(NameValuePair)
BATCHAI_MODEL_ELSEWHERE(BatchAiError)
BATCHAI_MODEL_ELSEWHERE(KeyVaultSecretReference)
BATCHAI_MODEL_ELSEWHERE(EnvironmentVariable)
BATCHAI_MODEL_ELSEWHERE(EnvironmentVariableWithSecretValue)
BATCHAI_MODEL_ELSEWHERE(UserAccountSettings)
BATCHAI_MODEL_ELSEWHERE(RemoteLoginInformation)

}  // namespace batchai::inline v1
