#pragma once

#include "batchai/core/secret.hpp"
#include "cli/config/ini.hpp"
#include "cli/frame/environment.hpp"
#include "core/private_file.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace batchai::cli {

/// Where this program keeps things.
struct ConfigPaths {
  /// `$BATCHAI_CONFIG_DIR`, else `$XDG_CONFIG_HOME/batchai`, else `~/.config/batchai`.
  std::filesystem::path config;
  /// Tokens: inside BATCHAI_CONFIG_DIR when that is set, else `$XDG_CACHE_HOME/batchai`, else `~/.cache/batchai`.
  std::filesystem::path token_cache;
  /// Data of the local service: `$BATCHAI_CONFIG_DIR/local`, else `$XDG_DATA_HOME/batchai`, else
  /// `~/.local/share/batchai`.
  std::filesystem::path local_data;
};

/// Whether the variables say where.
bool has_config_paths(const Environment& environment);

/// Throws UsageError when none of the variables says where.
ConfigPaths find_config_paths(const Environment& environment);

/// One way to sign in, where to, and what to use there. Kept as an INI file, `profiles/NAME.ini`, which people may
/// edit: [profile], [storage], [defaults], [batchai].
struct Profile {
  std::string name;
  Ini values;

  std::string get(std::string_view key) const { return values.get("profile", key); }
  void set(const std::string& key, const std::string& value) { values.set("profile", key, value); }
};

/// The profiles in a configuration folder. Files are open to their owner only.
class ProfileStore {
 public:
  explicit ProfileStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Called with one line about a file that was broken, and where it is now.
  using Notice = std::function<void(const std::string& line)>;

  bool exists(const std::string& name) const;
  /// Where a profile of this name is kept. Throws UsageError for what is no name.
  std::filesystem::path file_of(const std::string& name) const;
  /// Nothing if there is none. Throws UsageError for one that is broken, and std::system_error for one that cannot be
  /// read.
  std::optional<Profile> load(const std::string& name) const;
  /// Lets `work` change a profile, an empty one if there is none, and writes it; other processes that change profiles
  /// wait meanwhile. Returns it as it is now. One that is broken is kept under another name. Where it is a symbolic
  /// link, the file is written that it leads to.
  Profile change(const std::string& name, const std::function<void(Profile&)>& work, const Notice& notice) const;
  /// The same for one that there is. Throws CommandError where there is none.
  Profile change_present(const std::string& name, const std::function<void(Profile&)>& work,
                         const Notice& notice) const;
  /// The file that a profile is a link to, unless another profile is kept there, too.
  std::optional<std::filesystem::path> linked_file(const std::string& name) const;
  /// Whether there was one. If it was the default one, there is none afterwards. What linked_file() names goes, too: it
  /// has the secret. Throws CommandError where that cannot be removed, and leaves the profile.
  bool remove(const std::string& name) const;
  /// Sorted.
  std::vector<std::string> names() const;
  /// Empty: none chosen. Throws as load() does.
  std::string default_name() const;
  /// A choice that cannot be read is kept under another name. Other processes wait, as in change().
  void set_default(const std::string& name, const Notice& notice) const;

 private:
  PrivateFileLock lock() const;
  Profile write_changed(const std::string& name, const std::function<void(Profile&)>& work, const Notice& notice) const;
  void write_default(const std::string& name, const Notice& notice) const;

  std::filesystem::path folder_;
};

}  // namespace batchai::cli
