#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::cli {

/// Environment variables; an empty one counts as not set.
class Environment {
 public:
  using Lookup = std::function<std::optional<std::string>(const std::string& name)>;
  explicit Environment(Lookup lookup) : lookup_(std::move(lookup)) {}
  /// The variables of this process; where HOME is not set, the home folder in the system's user database is
  /// used.
  static Environment of_process();
  /// Fixed ones, for tests.
  static Environment of(std::map<std::string, std::string> variables);

  std::optional<std::string> find(const std::string& name) const;
  /// The value, or the empty string.
  std::string get(const std::string& name) const { return find(name).value_or(""); }
  /// The path, with HOME in place of a `~` in front of it, where a shell does not expand it: `--file=~/a`.
  std::filesystem::path with_home(const std::string& path) const;

 private:
  Lookup lookup_;
};

/// For a program that this one starts: the variables of this process as `NAME=value`, but for the
/// SSL_CERT_FILE that it sets for itself (leave_out_system_bundle in transport/trust.hpp).
std::vector<std::string> inherited_variables();

}  // namespace batchai::cli
