#pragma once

#include "cli/frame/parse.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace batchai::cli {

/// The text of --help for what is selected: the whole program, a group, or one command. Lines are cut to `width`.
std::string help_text(CommandTree tree, const std::vector<OptionSpec>& global, const Selection& selection,
                      std::size_t width);

// The pieces of it, for the manual.

using Rows = std::vector<std::pair<std::string, std::string>>;

/// The words of each usage line: `batchai`, …, `-g GROUP`, `[options]`. A command that takes ids has two lines.
std::vector<std::vector<std::string>> usage_words(const std::string& path, const CommandSpec& command);

/// `-g, --resource-group GROUP`.
std::string option_names(const OptionSpec& option);

/// What the option means, with choices and defaults. `by_ids`: the command takes --ids instead of names.
std::string option_description(const OptionSpec& option, bool by_ids);

struct OptionSection {
  std::string_view heading;
  bool by_ids = false;
  std::vector<OptionSpec> options = {};
};

/// The options under their headings. Names that --ids replaces are under its heading.
std::vector<OptionSection> option_sections(const std::vector<OptionSpec>& options);

/// Exit codes and what they mean.
Rows exit_codes();

}  // namespace batchai::cli
