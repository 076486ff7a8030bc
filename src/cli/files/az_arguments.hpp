#pragma once

#include "cli/app/context.hpp"
#include "cli/app/result.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

// What the commands of `az storage` share: they hand what az's options name to the commands of `files`.

namespace batchai::cli {

/// A command of `files`, as `directory create`.
CommandSpec files_command(std::string_view name);
Result run_files_command(std::string_view name, const Arguments& arguments, Context& context);

/// The place that the options for share and path name: `SHARE/PATH`, or a signed URL with the path in it.
std::string place_of(const Arguments& arguments, const char* share, const char* path);
/// What is in a folder, without the folder itself.
std::string content_of(const std::string& place);

/// The arguments with the positional ones that commands of `files` take.
Arguments with_place(const Arguments& given, const char* path);
Arguments with_places(const Arguments& given, std::vector<std::string> places);
Arguments with_flag(const Arguments& given, const char* flag);

OptionSpec az_option(std::string_view name, char short_name, std::string_view summary, std::string_view value);
OptionSpec needed(OptionSpec option);
/// `-s/--share-name` and `-p/--path`.
OptionSpec az_share_option();
OptionSpec az_path_option(std::string_view summary);

/// A command with the options of storage accounts.
CommandSpec az_command(std::string_view name, std::string_view summary, const std::vector<OptionSpec>& options,
                       Result (*run)(const Arguments&, Context&), std::span<const Column> columns,
                       std::vector<Example> examples, bool moves_files = false);

}  // namespace batchai::cli
