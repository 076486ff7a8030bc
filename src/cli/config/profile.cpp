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
    throw UsageError("no place for the configuration: neither BATCHAI_CONFIG_DIR nor HOME is set");
  }
  return fs::path(*home) / fallback / "batchai";
}

bool is_profile_name(const std::string& name) {
  const auto allowed = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.'; };
  return !name.empty() && name.size() <= 64 && name.front() != '.' && std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace

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

std::optional<Profile> ProfileStore::load(const std::string& name) const {
  const fs::path file = file_of(name);
  const std::optional<std::string> text = read_file(file);
  if (!text) {
    return std::nullopt;
  }
  return Profile{name, Ini::parse(*text, file.string())};
}

void ProfileStore::save(const Profile& profile) const {
  make_private_folder(folder_);
  write_private_file(file_of(profile.name), profile.values.to_text());
}

bool ProfileStore::remove(const std::string& name) const {
  const bool existed = fs::remove(file_of(name));
  if (existed && default_name() == name) {
    set_default("");
  }
  return existed;
}

std::vector<std::string> ProfileStore::names() const {
  std::vector<std::string> names;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / "profiles", none)) {
    if (entry.path().extension() == ".ini") {
      names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string ProfileStore::default_name() const {
  const fs::path file = folder_ / "config.ini";
  const std::optional<std::string> text = read_file(file);
  return text ? Ini::parse(*text, file.string()).get("core", "profile") : "";
}

void ProfileStore::set_default(const std::string& name) const {
  const fs::path file = folder_ / "config.ini";
  Ini values = Ini::parse(read_file(file).value_or(""), file.string());
  values.set("core", "profile", name);
  write_private_file(file, values.to_text());
}

}  // namespace batchai::cli
