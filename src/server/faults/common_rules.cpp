#include "server/faults/common_rules.hpp"

#include "batchai/core/error.hpp"
#include "batchai/core/http.hpp"
#include "batchai/core/url.hpp"
#include "batchai/models/names.hpp"
#include "batchai/models/resource_id.hpp"
#include "core/joined.hpp"
#include "server/faults/refusal.hpp"

#include <regex>
#include <set>
#include <sstream>

namespace batchai::server {

namespace {

std::string indexed(const std::string& target, std::size_t index) { return target + "[" + std::to_string(index) + "]"; }

void check_mount_path(const std::string& target, const std::string& path, std::set<std::string>& seen) {
  require_text(target, path);
  std::istringstream segments(path);
  std::string normal;
  for (std::string segment; std::getline(segments, segment, '/');) {
    if (segment == "..") {
      throw invalid_content(target, target + ": a mount path may not go upwards (..)");
    }
    if (!segment.empty() && segment != ".") {
      normal += "/" + segment;
    }
  }
  if (path.front() == '/' || normal.empty() || path.find('\0') != std::string::npos) {
    throw invalid_content(target, target + ": expected a path below the mount root, as data/images");
  }
  if (!seen.insert(normal).second) {
    throw invalid_content(target, target + ": the mount path " + path + " is used twice");
  }
}

void check_credentials(const std::string& target, const AzureStorageCredentialsInfo& credentials) {
  check_secret_choice(target, "accountKey", credentials.account_key.has_value(),
                      credentials.account_key_secret_reference.has_value());
}

void check_share_url(const std::string& target, const std::string& text) {
  require_text(target, text);
  try {
    if (Url::parse(text).path().size() > 1) {
      return;
    }
  } catch (const InvalidArgument&) {
    // Reported below, as a URL without a share is.
  }
  throw invalid_content(target,
                        target + ": expected the URL of a share, as https://account.file.core.windows.net/share");
}

void complete_mode(const std::string& target, std::optional<std::string>& mode) {
  static const std::regex octal("[0-7]{3,4}");
  if (!mode) {
    mode = "0777";
  } else if (!std::regex_match(*mode, octal)) {
    throw invalid_content(target, target + ": expected an octal mode, as 0755");
  }
}

void complete_share(const std::string& target, AzureFileShareReference& share, std::set<std::string>& seen) {
  require_text(target + ".accountName", share.account_name);
  check_share_url(target + ".azureFileUrl", share.azure_file_url);
  check_credentials(target + ".credentials", share.credentials);
  check_mount_path(target + ".relativeMountPath", share.relative_mount_path, seen);
  complete_mode(target + ".fileMode", share.file_mode);
  complete_mode(target + ".directoryMode", share.directory_mode);
}

void check_container(const std::string& target, const AzureBlobFileSystemReference& container,
                     std::set<std::string>& seen) {
  require_text(target + ".accountName", container.account_name);
  require_text(target + ".containerName", container.container_name);
  check_credentials(target + ".credentials", container.credentials);
  check_mount_path(target + ".relativeMountPath", container.relative_mount_path, seen);
}

void check_variable_name(const std::string& target, const std::string& name) {
  static const std::regex pattern("[A-Za-z_][A-Za-z0-9_]*");
  if (!std::regex_match(name, pattern)) {
    throw invalid_content(target, target + ": expected letters, digits and _, not beginning with a digit");
  }
}

void check_no_zero(const std::string& target, const std::string& value) {
  if (value.find('\0') != std::string::npos) {
    throw invalid_content(target, target + ": may not hold a zero character");
  }
}

}  // namespace

void check_resource_name(std::string_view what, const std::string& name) {
  try {
    check_name(name, std::string(what) + " name");
  } catch (const InvalidArgument& error) {
    throw ServiceFault(400, "InvalidResourceName", error.what(), std::string(what) + "Name");
  }
}

void require_text(const std::string& target, const std::string& value) {
  if (value.empty()) {
    throw invalid_content(target, target + ": may not be empty");
  }
  check_no_zero(target, value);
}

void check_secret_choice(const std::string& target, const std::string& member, bool has_value, bool has_reference) {
  const std::string reference = member + "SecretReference";
  if (has_value == has_reference) {
    throw invalid_content(target, target + ": exactly one of " + member + " and " + reference + " is needed");
  }
  if (has_reference) {
    throw invalid_content(target + "." + reference,
                          target + "." + reference + ": this service has no Key Vault; give " + member + " instead");
  }
}

void complete_volumes(const std::string& target, MountVolumes& volumes) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < volumes.azure_file_shares.size(); ++i) {
    complete_share(indexed(target + ".azureFileShares", i), volumes.azure_file_shares[i], seen);
  }
  for (std::size_t i = 0; i < volumes.azure_blob_file_systems.size(); ++i) {
    check_container(indexed(target + ".azureBlobFileSystems", i), volumes.azure_blob_file_systems[i], seen);
  }
  for (std::size_t i = 0; i < volumes.file_servers.size(); ++i) {
    const std::string place = indexed(target + ".fileServers", i);
    check_resource_id(place + ".fileServer.id", volumes.file_servers[i].file_server.id,
                      "Microsoft.BatchAI/workspaces/fileServers");
    check_mount_path(place + ".relativeMountPath", volumes.file_servers[i].relative_mount_path, seen);
  }
  for (std::size_t i = 0; i < volumes.unmanaged_file_systems.size(); ++i) {
    const std::string place = indexed(target + ".unmanagedFileSystems", i);
    require_text(place + ".mountCommand", volumes.unmanaged_file_systems[i].mount_command);
    check_mount_path(place + ".relativeMountPath", volumes.unmanaged_file_systems[i].relative_mount_path, seen);
  }
}

void check_account(const std::string& target, const UserAccountSettings& account) {
  require_text(target + ".adminUserName", account.admin_user_name);
  const bool has_key = account.admin_user_ssh_public_key && !account.admin_user_ssh_public_key->empty();
  const bool has_password = account.admin_user_password && !account.admin_user_password->empty();
  if (!has_key && !has_password) {
    throw invalid_content(target, target + ": adminUserSshPublicKey or adminUserPassword is needed");
  }
}

void check_environment(const std::string& target, const std::vector<EnvironmentVariable>& variables) {
  for (std::size_t i = 0; i < variables.size(); ++i) {
    check_variable_name(indexed(target, i) + ".name", variables[i].name);
    check_no_zero(indexed(target, i) + ".value", variables[i].value);
  }
}

void check_secrets(const std::string& target, const std::vector<EnvironmentVariableWithSecretValue>& secrets) {
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    const std::string place = indexed(target, i);
    check_variable_name(place + ".name", secrets[i].name);
    check_secret_choice(place, "value", secrets[i].value.has_value(), secrets[i].value_secret_reference.has_value());
    check_no_zero(place + ".value", secrets[i].value->reveal());
  }
}

void check_resource_id(const std::string& target, const std::string& id, std::string_view type) {
  try {
    if (to_lower(parse_resource_id(id).type()) == to_lower(type)) {
      return;
    }
  } catch (const InvalidArgument&) {
    // Reported below, as an id of another type is.
  }
  throw invalid_content(target, target + ": expected the id of a resource of type " + std::string(type));
}

std::string enum_or_default(const std::string& target, const std::string& value,
                            const std::vector<std::string_view>& values) {
  if (value.empty()) {
    return std::string(values.front());
  }
  for (const auto known : values) {
    if (to_lower(value) == to_lower(known)) {
      return std::string(known);
    }
  }
  throw invalid_content(target, target + ": expected one of " + joined(values, ", "));
}

}  // namespace batchai::server
