#pragma once

#include "server/program/server_options.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace batchai::server {

/// A value that a setting cannot have; what() continues after the setting's name, as `takes a GUID, not 'x'`.
class SettingError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One thing that an operator can choose.
struct Setting {
  enum class Kind { Text, Number, Flag };

  /// Empty for options of the command line, else the object of the configuration file that it is in.
  std::string section;
  /// As on the command line, without the dashes. The file spells it so or in camelCase.
  std::string name;
  Kind kind;
  std::string help;
  /// Throws SettingError.
  std::function<void(ServerOptions&, const std::string&)> set;
  /// As the configuration file would have it.
  std::function<nlohmann::json(const ServerOptions&)> get;

  bool on_command_line() const { return section.empty(); }
};

/// All settings, in the order in which help shows them.
const std::vector<Setting>& settings();

/// `management-port` -> `managementPort`.
std::string camel_case(std::string_view name);

/// The options in the form of a configuration file.
nlohmann::json settings_document(const ServerOptions& options);

}  // namespace batchai::server
