#pragma once

#include "cli/frame/command.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace batchai::cli {

/// Texts by file name.
using Pages = std::map<std::string, std::string>;

/// `README.md`, and `GROUP.md` for every group, as committed in docs/cli.
Pages markdown_pages(CommandTree tree, const std::vector<OptionSpec>& global);

/// `batchai.1`, and `batchai-GROUP.1` for every group, as committed in docs/man.
Pages man_pages(CommandTree tree, const std::vector<OptionSpec>& global);

/// Writes them into a folder, which is made if it is missing. Throws Error for what cannot be written.
void write_pages(const Pages& pages, const std::filesystem::path& folder);

/// `batchai job show`.
std::string full_name(const CommandGroup& group, const CommandSpec& command);

}  // namespace batchai::cli
