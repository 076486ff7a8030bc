#pragma once

#include "cli/frame/parse.hpp"

#include <string>

namespace batchai::cli {

/// The text of --help for what is selected: the whole program, a group, or one command. Lines are cut to `width`.
std::string help_text(CommandTree tree, const std::vector<OptionSpec>& global, const Selection& selection,
                      std::size_t width);

}  // namespace batchai::cli
