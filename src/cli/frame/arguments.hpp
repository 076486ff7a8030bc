#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::cli {

/// The values of one call of a command, by option name. Defaults are filled in already.
class Arguments {
 public:
  /// Whether there is a value, from the command line or a default.
  bool has(std::string_view name) const;
  /// Whether the command line itself names it.
  bool given(std::string_view name) const;
  bool flag(std::string_view name) const { return has(name); }
  /// The value, or the empty string.
  const std::string& get(std::string_view name) const;
  std::optional<std::string> find(std::string_view name) const;
  std::optional<int> integer(std::string_view name) const;
  const std::vector<std::string>& list(std::string_view name) const;

  void set(std::string_view name, std::vector<std::string> values, bool from_command_line);

 private:
  struct Value {
    std::vector<std::string> values;
    bool given = false;
  };
  std::map<std::string, Value, std::less<>> values_;
};

}  // namespace batchai::cli
