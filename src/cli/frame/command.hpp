#pragma once

#include "cli/frame/arguments.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace batchai::cli {

struct Context;

/// List takes all values that follow it, Repeated one at a time, Rest (positional) all words behind `--` as they are.
enum class OptionKind { Flag, Text, Integer, List, Repeated, Rest };

/// One option, as data: parsing, help and whatever is made from the descriptions later read the same words.
struct OptionSpec {
  /// Long name without dashes; also the key in Arguments.
  std::string_view name;
  char short_name = '\0';
  std::string_view summary;
  OptionKind kind = OptionKind::Text;
  /// Shown in help, as `NAME`. Completion offers what its words mean: existing names for WORKSPACE and its like,
  /// paths for FILE and FOLDER, both for FILE|SHARE.
  std::string_view value_name = "VALUE";
  bool required = false;
  /// Key in the settings: `group` means BATCHAI_DEFAULTS_GROUP and `group` of the profile's [defaults].
  std::string_view setting = {};
  /// A key that older configurations have for it, used after `setting`.
  std::string_view older_setting = {};
  /// Used when nothing else names a value. Empty: none.
  std::string_view default_value = {};
  /// Heading in help.
  std::string_view group = "Arguments";
  std::vector<std::string_view> choices = {};
  /// Whether several of the choices may be given, with commas between them.
  bool several = false;
  /// Which part of a resource id replaces this option, as `resourceGroups`, when the command takes --ids.
  std::string_view id_part = {};
  /// A positional argument. A List takes all that are left.
  bool positional = false;
  /// A second long name.
  std::string_view alias = {};
  /// A second short name.
  char short_alias = '\0';
  /// Whether the command itself understands `@FILE`, which otherwise is read before it runs.
  bool reads_files = false;
};

struct Example {
  std::string_view text;
  std::string_view command;
};

/// What the cells of a column are. On a terminal people read them otherwise than programs do.
enum class ColumnKind {
  Text,
  /// A word that has a colour on a terminal, and perhaps more behind a blank.
  State,
  /// A time in ISO 8601; an age on a terminal.
  Moment,
  /// `BEGIN/END` or `BEGIN/`, both in ISO 8601; shown as its length, to this moment where there is no end.
  Interval,
  /// Bytes; KiB, MiB, … on a terminal.
  Size
};

/// One column of a table: its heading and how a cell is read from an item in the shape of JSON output.
struct Column {
  std::string_view heading;
  std::string (*cell)(const nlohmann::json& item);
  /// Left out where it is empty in every row.
  bool only_if_known = false;
  ColumnKind kind = ColumnKind::Text;
  /// Shown with `-o wide` only.
  bool wide = false;
  /// The option that the column only repeats where all cells are its value; it is left out then, except in `-o wide`.
  std::string_view repeats = {};
};

struct Result;

/// A whole command, as data.
struct CommandSpec {
  /// Words behind the group's name, as `create` or `file list`.
  std::string_view name;
  std::string_view summary;
  std::vector<OptionSpec> options;
  Result (*run)(const Arguments& arguments, Context& context);
  std::span<const Column> columns = {};
  std::vector<Example> examples = {};
  /// Whether defaults are looked up in the environment and the profile.
  bool uses_settings = true;
  /// Whether it writes the profile that --profile names, which then need not be there and is not looked into.
  bool makes_profile = false;
  /// Whether it works on profiles themselves, so that a broken one must not stop it.
  bool mends_profiles = false;
  /// Whether it sends or receives many bytes over several connections at a time.
  bool moves_files = false;
};

/// Commands under one first word. `commands` builds the descriptions; only the group that is named is built.
struct CommandGroup {
  std::string_view name;
  std::string_view summary;
  std::vector<CommandSpec> (*commands)();
};

/// Every group, in the order of the help text. A group whose only command has an empty name is a command itself.
using CommandTree = std::span<const CommandGroup>;

/// `-g/--resource-group`, as messages name it.
std::string display_name(const OptionSpec& option);

/// The words of a command's name.
std::vector<std::string> words_of(std::string_view name);

/// The command's options and, behind them, the global ones that it does not describe itself.
std::vector<OptionSpec> with_global_options(const CommandSpec& command, const std::vector<OptionSpec>& global);

}  // namespace batchai::cli
