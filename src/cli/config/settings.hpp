#pragma once

#include "batchai/core/secret.hpp"
#include "cli/config/identity.hpp"
#include "cli/config/profile.hpp"
#include "cli/frame/environment.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace batchai::cli {

/// The variable that is stronger than a default of this name: `BATCHAI_DEFAULTS_GROUP`.
std::string defaults_variable(std::string_view setting);

/// Where the services are.
struct Endpoints {
  std::string cloud;
  /// Base of the token endpoint.
  std::string authority;
  std::string resource_manager;
  std::string audience;
  /// Base of Azure Files; empty: `https://ACCOUNT.file.` and the storage suffix.
  std::string files;
  std::string storage_suffix;
  /// PEM file with roots to trust; empty: the system's.
  std::string ca_bundle;
};

/// A storage account as far as it is named; empty members are unknown.
struct StorageSettings {
  std::string account;
  Secret key;
  Secret sas_token;
  /// AZURE_STORAGE_CONNECTION_STRING; names everything itself, and takes precedence over the others.
  Secret connection_string;
};

/// Values from environment and profile. The environment takes precedence, except over a profile that is named on the
/// command line. Files are read when a value is asked for, not before. Not thread-safe.
class Settings {
 public:
  Settings(Environment environment, std::optional<std::string> named_profile);

  const Environment& environment() const noexcept { return environment_; }
  /// Throws UsageError where nothing says where this program keeps things.
  const ConfigPaths& paths();
  /// The same, but null: where the environment has all settings, none have to be stored.
  const ConfigPaths* find_paths();
  ProfileStore store();
  /// The named profile, else the default one; null if there is none. Throws UsageError if the named one does not exist.
  const Profile* profile();

  /// From here on a broken profile is treated as absent, as for commands that repair profiles.
  void pass_over_broken_profile() { passes_over_broken_ = true; }
  /// From here on only the environment is used, as for a new sign-in.
  void forget_profile();
  /// From here on this one is used after the environment.
  void use_profile(Profile profile);

  /// BATCHAI_DEFAULTS_… or [defaults] for `group`, `workspace`, ….
  std::optional<std::string> default_of(std::string_view setting);
  /// Throws UsageError for an unknown cloud.
  Endpoints endpoints();
  /// Throws CommandError (exit 4) that says how to sign in.
  Identity identity();
  /// Throws CommandError (exit 4) when nothing names a subscription.
  std::string subscription(const std::optional<std::string>& option);
  /// AZURE_STORAGE_…, else the profile's [storage]. Beside a connection string, nothing of the profile.
  StorageSettings storage();
  /// AZURE_BATCHAI_STORAGE_…, else the profile's [batchai].
  StorageSettings batchai_storage();

 private:
  /// The environment's value, else the profile's; the other way round for a profile named on the command line.
  std::string value(const std::string& variable, std::string_view section, std::string_view key);
  std::optional<Profile> read_profile();

  Environment environment_;
  std::optional<std::string> named_profile_;
  std::optional<ConfigPaths> paths_;
  bool profile_read_ = false;
  bool passes_over_broken_ = false;
  std::optional<Profile> profile_;
};

}  // namespace batchai::cli
