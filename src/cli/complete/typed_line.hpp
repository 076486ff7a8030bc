#pragma once

#include "cli/frame/command.hpp"

#include <string>
#include <utility>
#include <vector>

namespace batchai::cli {

/// What the words in front of the cursor determine. Forgiving: a wrong word makes it `lost`, nothing throws.
class TypedLine {
 public:
  /// `words` are behind the program's name, without the one that is being typed.
  TypedLine(CommandTree tree, const std::vector<OptionSpec>& global, const std::vector<std::string>& words);
  TypedLine(const TypedLine&) = delete;
  TypedLine& operator=(const TypedLine&) = delete;

  /// A word leads nowhere.
  bool lost() const { return lost_; }
  const CommandGroup* group() const { return group_; }
  const CommandSpec* command() const { return command_; }
  /// The words that can follow in the name of a command of the group, each with the command it leads to.
  std::vector<std::pair<std::string, const CommandSpec*>> next_words() const;
  /// What may be typed here, positional arguments included.
  const std::vector<OptionSpec>& options() const { return options_; }
  /// By a name with its dashes; null if there is none.
  const OptionSpec* find_option(const std::string& name) const;
  /// The option whose value the next word is; null if it is none. A List need not go on.
  const OptionSpec* pending() const { return pending_; }
  /// After `--` all words are positional.
  bool places_only() const { return places_only_; }
  /// The positional argument that the next plain word fills; null if there is none.
  const OptionSpec* next_place() const;
  const Arguments& arguments() const { return arguments_; }

 private:
  void take(const std::string& word);
  void take_option(const std::string& word);
  void take_short_options(const std::string& word);
  void take_value(const OptionSpec& option, const std::string& value);
  void take_plain(const std::string& word);
  bool takes_rest() const;
  void choose_command();

  CommandTree tree_;
  const std::vector<OptionSpec>& global_;
  const CommandGroup* group_ = nullptr;
  std::vector<CommandSpec> commands_;
  std::vector<std::string> command_words_;
  const CommandSpec* command_ = nullptr;
  std::vector<OptionSpec> options_;
  const OptionSpec* pending_ = nullptr;
  bool places_only_ = false;
  bool lost_ = false;
  Arguments arguments_;
};

}  // namespace batchai::cli
