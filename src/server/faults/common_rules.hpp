#pragma once

#include "batchai/models/volumes.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Checks of what a client sends, shared by clusters and jobs. All throw ServiceFault 400 naming the member; all take
/// the path of the member they are given, as `properties.mountVolumes`.
namespace batchai::server {

/// A name in a path: 400 `InvalidResourceName`. `what` is `cluster`, `job`, …
void check_resource_name(std::string_view what, const std::string& name);

void require_text(const std::string& target, const std::string& value);

/// Fills in the default modes, and refuses mount paths that are absolute, go upwards or occur twice, credentials that
/// are not exactly one of key and reference, and Key Vault references (this service has no Key Vault).
void complete_volumes(const std::string& target, MountVolumes& volumes);

/// The administrator of nodes: a name, and a key or a password.
void check_account(const std::string& target, const UserAccountSettings& account);

void check_environment(const std::string& target, const std::vector<EnvironmentVariable>& variables);
void check_secrets(const std::string& target, const std::vector<EnvironmentVariableWithSecretValue>& secrets);

/// Exactly one of a secret and a Key Vault reference to it, and it has to be the secret. `member` names the first,
/// `memberSecretReference` the second.
void check_secret_choice(const std::string& target, const std::string& member, bool has_value, bool has_reference);

/// An ARM id of this type, as `Microsoft.BatchAI/workspaces/clusters`.
void check_resource_id(const std::string& target, const std::string& id, std::string_view type);

/// The value in lower case; refuses one that is not listed. An empty value becomes the first listed.
std::string enum_or_default(const std::string& target, const std::string& value,
                            const std::vector<std::string_view>& values);

}  // namespace batchai::server
