#include "cli/config/profile.hpp"

#include "cli/frame/errors.hpp"
#include "core/private_file.hpp"

#include <algorithm>

namespace batchai::cli {
namespace {

namespace fs = std::filesystem;

/// `$variable/batchai`, else `$HOME/fallback/batchai`.
fs::path xdg_folder(const Environment& environment, const std::string& variable, const char* fallback) {
  if (const auto base = environment.find(variable); base && fs::path(*base).is_absolute()) {
    return fs::path(*base) / "batchai";
  }
  const auto home = environment.find("HOME");
  if (!home) {
    throw UsageError("no folder for the configuration: neither BATCHAI_CONFIG_DIR nor HOME is set");
  }
  return fs::path(*home) / fallback / "batchai";
}

bool is_profile_name(const std::string& name) {
  const auto allowed = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.'; };
  return !name.empty() && name.size() <= 64 && name.front() != '.' && std::all_of(name.begin(), name.end(), allowed);
}

/// The file's content; nothing if there is no such file.
std::optional<Ini> read_ini(const fs::path& file, const std::string& hint) {
  const std::optional<std::string> text = read_file(file);
  if (!text) {
    return std::nullopt;
  }
  try {
    return Ini::parse(*text, file.string());
  } catch (const UsageError& error) {
    throw UsageError(error.what(), hint);
  }
}

/// The file that says which profile is the default one.
fs::path choice_in(const fs::path& folder) { return folder / "config.ini"; }

std::optional<Ini> read_choice(const fs::path& folder) {
  return read_ini(choice_in(folder), "edit it, or choose a profile again with 'batchai account set -n PROFILE'");
}

/// Renames the file to an unused name beside it.
fs::path keep_aside(const fs::path& file) {
  fs::path kept = file.string() + ".broken";
  for (int number = 2; fs::exists(fs::symlink_status(kept)); ++number) {
    kept = file.string() + ".broken" + std::to_string(number);
  }
  fs::rename(file, kept);
  return kept;
}

/// What symbolic links lead to, which need not be there; the file itself where it is none.
fs::path behind_links(fs::path file) {
  constexpr int kMostLinks = 40;  // as the kernel follows
  for (int links = 0; links < kMostLinks && fs::is_symlink(fs::symlink_status(file)); ++links) {
    file = file.parent_path() / fs::read_symlink(file);
  }
  return file;
}

void remove_linked(const fs::path& linked, const fs::path& link) {
  std::error_code error;
  fs::remove(linked, error);
  if (error) {
    throw CommandError(kFailed,
                       "the profile is kept in " + linked.string() + ", which cannot be removed: " + error.message(),
                       "remove " + link.string() + ", which is a link to it, to keep that file");
  }
}

/// What `read` returns. A file that cannot be read is renamed, and treated as absent.
template <class Read>
auto read_or_keep_aside(const Read& read, const fs::path& file, const ProfileStore::Notice& notice) {
  try {
    return read();
  } catch (const std::exception& error) {
    notice(std::string(error.what()) + "; the file is kept as " + keep_aside(file).string());
    return decltype(read())();
  }
}

}  // namespace

bool has_config_paths(const Environment& environment) {
  const auto absolute = [&](const char* variable) { return fs::path(environment.get(variable)).is_absolute(); };
  return environment.find("BATCHAI_CONFIG_DIR") || environment.find("HOME") ||
         (absolute("XDG_CONFIG_HOME") && absolute("XDG_CACHE_HOME") && absolute("XDG_DATA_HOME"));
}

ConfigPaths find_config_paths(const Environment& environment) {
  if (const auto folder = environment.find("BATCHAI_CONFIG_DIR")) {
    const fs::path config = fs::absolute(*folder).lexically_normal();
    return {config, config / "tokens.json", config / "local"};
  }
  return {xdg_folder(environment, "XDG_CONFIG_HOME", ".config"),
          xdg_folder(environment, "XDG_CACHE_HOME", ".cache") / "tokens.json",
          xdg_folder(environment, "XDG_DATA_HOME", ".local/share")};
}

fs::path ProfileStore::file_of(const std::string& name) const {
  if (!is_profile_name(name)) {
    throw UsageError("'" + name + "' is no profile name: letters, digits, '-', '_' and '.', at most 64");
  }
  return folder_ / "profiles" / (name + ".ini");
}

bool ProfileStore::exists(const std::string& name) const { return fs::exists(fs::symlink_status(file_of(name))); }

std::optional<Profile> ProfileStore::load(const std::string& name) const {
  auto values = read_ini(file_of(name), "edit it, or sign in again with 'batchai login --profile " + name + "'");
  return values ? std::optional(Profile{name, std::move(*values)}) : std::nullopt;
}

PrivateFileLock ProfileStore::lock() const { return PrivateFileLock(folder_ / "profiles", WithoutLocks::kGoOn); }

Profile ProfileStore::change(const std::string& name, const std::function<void(Profile&)>& work,
                             const Notice& notice) const {
  const PrivateFileLock others_wait = lock();
  return write_changed(name, work, notice);
}

Profile ProfileStore::change_present(const std::string& name, const std::function<void(Profile&)>& work,
                                     const Notice& notice) const {
  const PrivateFileLock others_wait = lock();
  if (!exists(name)) {
    throw CommandError(kNotFound, "there is no profile '" + name + "' any more", "see 'batchai account list'");
  }
  return write_changed(name, work, notice);
}

Profile ProfileStore::write_changed(const std::string& name, const std::function<void(Profile&)>& work,
                                    const Notice& notice) const {
  const fs::path file = file_of(name);
  auto present = read_or_keep_aside([&] { return load(name); }, file, notice);
  Profile profile = present ? *std::move(present) : Profile{name, {}};
  work(profile);
  write_private_file(behind_links(file), profile.values.to_text());
  return profile;
}

std::optional<fs::path> ProfileStore::linked_file(const std::string& name) const {
  const fs::path file = file_of(name);
  const fs::path linked = behind_links(file);
  if (linked == file || !fs::is_regular_file(fs::symlink_status(linked))) {
    return std::nullopt;
  }
  const std::vector<std::string> all = names();
  const bool is_shared = std::any_of(all.begin(), all.end(), [&](const std::string& other) {
    std::error_code none;
    return other != name && fs::equivalent(file_of(other), linked, none);
  });
  return is_shared ? std::nullopt : std::optional(linked);
}

bool ProfileStore::remove(const std::string& name) const {
  if (!exists(name)) {
    return false;
  }
  const PrivateFileLock others_wait = lock();
  if (const auto linked = linked_file(name)) {
    remove_linked(*linked, file_of(name));
  }
  const bool existed = fs::remove(file_of(name));
  bool was_default = false;
  try {
    was_default = existed && default_name() == name;
  } catch (const std::exception&) {
    return existed;  // a choice that cannot be read chooses nothing
  }
  if (was_default) {
    write_default("", [](const std::string&) {});
  }
  return existed;
}

std::vector<std::string> ProfileStore::names() const {
  std::vector<std::string> names;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / "profiles", none)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() == ".ini" && is_profile_name(name)) {
      names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string ProfileStore::default_name() const {
  const auto values = read_choice(folder_);
  return values ? values->get("core", "profile") : "";
}

void ProfileStore::set_default(const std::string& name, const Notice& notice) const {
  const PrivateFileLock others_wait = lock();
  write_default(name, notice);
}

void ProfileStore::write_default(const std::string& name, const Notice& notice) const {
  const fs::path file = choice_in(folder_);
  Ini values = read_or_keep_aside([&] { return read_choice(folder_); }, file, notice).value_or(Ini());
  values.set("core", "profile", name);
  write_private_file(behind_links(file), values.to_text());
}

}  // namespace batchai::cli
