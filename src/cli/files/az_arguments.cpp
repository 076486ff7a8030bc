#include "cli/files/az_arguments.hpp"

#include "cli/app/options.hpp"
#include "cli/files/commands.hpp"
#include "cli/files/storage.hpp"

#include <algorithm>
#include <stdexcept>

namespace batchai::cli {
namespace {

/// `SHARE/PATH`; of a signed URL the path is in front of its signature.
std::string below(const std::string& share, const std::string& path) {
  const std::size_t end =
      share.find("://") == std::string::npos ? share.size() : std::min(share.find('?'), share.size());
  return share.substr(0, end) + "/" + path + share.substr(end);
}

}  // namespace

CommandSpec files_command(std::string_view name) {
  std::vector<CommandSpec> commands = files_commands();
  const auto found =
      std::find_if(commands.begin(), commands.end(), [&](const CommandSpec& command) { return command.name == name; });
  if (found == commands.end()) {
    throw std::logic_error("no command of files has this name");
  }
  return std::move(*found);
}

Result run_files_command(std::string_view name, const Arguments& arguments, Context& context) {
  return files_command(name).run(arguments, context);
}

/// The place that the two options name.
std::string place_of(const Arguments& arguments, const char* share, const char* path) {
  const std::string& inner = arguments.get(path);
  return inner.empty() ? arguments.get(share) : below(arguments.get(share), inner);
}

/// What is in a folder, without the folder itself.
std::string content_of(const std::string& place) { return below(place, ""); }

Arguments with_place(const Arguments& given, const char* path) {
  Arguments arguments = given;
  arguments.set("place", {place_of(given, "share-name", path)}, true);
  return arguments;
}

Arguments with_places(const Arguments& given, std::vector<std::string> places) {
  Arguments arguments = given;
  arguments.set("places", std::move(places), true);
  return arguments;
}

Arguments with_flag(const Arguments& given, const char* flag) {
  Arguments arguments = given;
  arguments.set(flag, {"true"}, true);
  return arguments;
}

OptionSpec az_option(std::string_view name, char short_name, std::string_view summary, std::string_view value) {
  return {.name = name, .short_name = short_name, .summary = summary, .value_name = value};
}

OptionSpec needed(OptionSpec option) {
  option.required = true;
  return option;
}

OptionSpec az_share_option() { return needed(az_option("share-name", 's', "The share.", "SHARE")); }

OptionSpec az_path_option(std::string_view summary) { return az_option("path", 'p', summary, "PATH"); }

CommandSpec az_command(std::string_view name, std::string_view summary, const std::vector<OptionSpec>& options,
                       Result (*run)(const Arguments&, Context&), std::span<const Column> columns,
                       std::vector<Example> examples, bool moves_files) {
  return {.name = name,
          .summary = summary,
          .options = join(options, storage_options()),
          .run = run,
          .columns = columns,
          .examples = std::move(examples),
          .moves_files = moves_files};
}

}  // namespace batchai::cli
