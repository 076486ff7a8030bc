#include "cli/frame/command.hpp"

#include <algorithm>

namespace batchai::cli {

std::string display_name(const OptionSpec& option) {
  if (option.positional) {
    return std::string(option.value_name);
  }
  const std::string name = "--" + std::string(option.name);
  return option.short_name == '\0' ? name : std::string("-") + option.short_name + "/" + name;
}

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin < name.size();) {
    const std::size_t end = std::min(name.find(' ', begin), name.size());
    words.emplace_back(name.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

std::vector<OptionSpec> with_global_options(const CommandSpec& command, const std::vector<OptionSpec>& global) {
  std::vector<OptionSpec> options = command.options;
  for (const OptionSpec& shared : global) {
    const bool own = std::any_of(command.options.begin(), command.options.end(),
                                 [&](const OptionSpec& option) { return option.name == shared.name; });
    if (!own) {
      options.push_back(shared);
    }
  }
  return options;
}

}  // namespace batchai::cli
