#pragma once

#include "cli/frame/command.hpp"

#include <functional>
#include <string>
#include <vector>

namespace batchai::cli {

/// What the words in front of the options name.
struct Selection {
  const CommandGroup* group = nullptr;
  /// The group's commands; empty when no group is named.
  std::vector<CommandSpec> commands = {};
  /// Null when the words stop at a group, or at nothing.
  const CommandSpec* command = nullptr;
  /// As `cluster create`.
  std::string path = {};
  /// The words below the group that lead towards a command, as `file `, where help is asked for.
  std::string prefix = {};
  /// The words not used up.
  std::vector<std::string> rest = {};
  /// Whether -h or --help is among them.
  bool help = false;
};

/// Finds the command and builds nothing but the group it is in. `global` options may stand in front of it. Throws
/// UsageError with the nearest name for words that lead nowhere.
Selection select_command(CommandTree tree, const std::vector<OptionSpec>& global, std::vector<std::string> words);

/// The value for what was given, which may say where to read it.
using ValueReader = std::function<std::string(const OptionSpec& option, const std::string& given)>;

/// Reads `words` by the descriptions. Checks kinds and choices, not whether required options are there: defaults come
/// later. Throws UsageError, and what `read_value` throws.
Arguments parse_arguments(const std::vector<OptionSpec>& options, const std::string& path,
                          const std::vector<std::string>& words, const ValueReader& read_value = {});

/// The value, in the letters of its choice where it has to be one. Throws UsageError for a value that is no integer, or
/// not one of the choices.
std::string checked_value(const OptionSpec& option, const std::string& value);

/// Throws UsageError naming the options that are required and missing.
void check_required(const std::vector<OptionSpec>& options, const std::string& path, const Arguments& arguments);

}  // namespace batchai::cli
