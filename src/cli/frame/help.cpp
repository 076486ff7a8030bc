#include "cli/frame/help.hpp"

#include <algorithm>
#include <sstream>

namespace batchai::cli {
namespace {

constexpr std::size_t kIndent = 4;
/// Names that are longer do not move the right column.
constexpr std::size_t kLongestName = 32;

/// A narrower right column cannot be read.
constexpr std::size_t kNarrowestText = 24;

/// Two columns; the right one is wrapped at blanks and keeps its left edge. It begins a line lower behind a name that
/// is too long, and behind every name where there is not room for both.
std::string two_columns(const Rows& rows, std::size_t width) {
  std::size_t left = 0;
  std::size_t right = kNarrowestText;
  for (const auto& [name, text] : rows) {
    left = std::max(left, name.size() > kLongestName ? 0 : name.size());
    for (const std::string& word : words_of(text)) {
      right = std::max(right, word.size());
    }
  }
  const std::size_t beside = kIndent + left + 2;
  const std::size_t edge = beside + right > width ? 2 * kIndent : beside;
  std::string out;
  for (const auto& [name, text] : rows) {
    std::string line = std::string(kIndent, ' ') + name;
    if (line.size() + 2 > edge) {
      out += line + "\n";
      line.clear();
    }
    line.resize(edge, ' ');
    for (const std::string& word : words_of(text)) {
      if (line.size() > edge && line.size() + word.size() > width) {
        out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
        line.assign(edge, ' ');
      }
      line += word + " ";
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

/// Words that begin at the left edge and go on below it, indented.
std::string wrapped(const std::vector<std::string>& words, std::size_t width) {
  std::string out;
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty() && line.size() + 1 + word.size() > width) {
      out += line + "\n";
      line = std::string(kIndent - 1, ' ');
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return out + line + "\n";
}

std::string environment_name(std::string_view setting) {
  std::string name = "BATCHAI_DEFAULTS_";
  for (const char c : setting) {
    name += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return name;
}

/// Where a value comes from that is not given, strongest first.
std::string default_text(const OptionSpec& option) {
  std::string text;
  if (!option.setting.empty()) {
    text = environment_name(option.setting) + " or [defaults] " + std::string(option.setting);
  }
  if (!option.default_value.empty()) {
    text += (text.empty() ? "" : ", else ") + std::string(option.default_value);
  }
  return text.empty() ? "" : " Default: " + text + (text.ends_with('.') ? "" : ".");
}

/// The option that takes whole resource ids; null if there is none.
const OptionSpec* find_ids(const std::vector<OptionSpec>& options) {
  const auto found = std::find_if(options.begin(), options.end(), [](auto& option) { return option.name == "ids"; });
  return found == options.end() ? nullptr : &*found;
}

/// How a required option or a positional argument appears in a usage line; empty for the others.
std::string usage_word(const OptionSpec& option) {
  const std::string value(option.value_name);
  if (option.kind == OptionKind::Rest) {
    return "[-- " + value + "...]";
  }
  if (option.positional) {
    const bool dots = option.kind == OptionKind::List && value.find("...") == std::string::npos;
    return (option.required ? value : "[" + value + "]") + (dots ? "..." : "");
  }
  if (!option.required) {
    return "";
  }
  return option.short_name == '\0' ? "--" + std::string(option.name) + " " + value
                                   : std::string("-") + option.short_name + " " + value;
}

std::string left_column(const OptionSpec& option) {
  return (option.positional || option.short_name != '\0' ? "" : "    ") + option_names(option);
}

std::string options_text(const std::vector<OptionSection>& sections, std::size_t width) {
  std::string out;
  for (const OptionSection& section : sections) {
    Rows rows;
    for (const OptionSpec& option : section.options) {
      rows.emplace_back(left_column(option), option_description(option, section.by_ids));
    }
    out += "\n" + std::string(section.heading) + "\n" + two_columns(rows, width);
  }
  return out;
}

/// `-o/--output FORMAT`
std::string compact_names(const OptionSpec& option) {
  const std::string value = option.kind == OptionKind::Flag ? "" : " " + std::string(option.value_name);
  return display_name(option) + value;
}

std::string usage_text(const std::string& path, const CommandSpec& command, std::size_t width) {
  std::string text;
  for (const std::vector<std::string>& words : usage_words(path, command)) {
    text += wrapped(words, width);
  }
  return text;
}

std::string examples_text(const std::vector<Example>& examples) {
  std::string text = examples.empty() ? "" : "\nExamples\n";
  for (const Example& example : examples) {
    text += "    " + std::string(example.text) + "\n        " + std::string(example.command) + "\n";
  }
  return text;
}

/// The options of every command in short: what they do is in the help of the whole program.
std::string global_text(const CommandSpec& command, const std::vector<OptionSpec>& global, std::size_t width) {
  const std::string indent(kIndent, ' ');
  std::vector<std::string> words;
  for (const OptionSpec& option : with_global_options(command, global)) {
    const bool shared = std::any_of(global.begin(), global.end(), [&](auto& g) { return g.group == option.group; });
    if (shared) {
      words.push_back(compact_names(option) + ",");
    }
  }
  words.back().back() = '.';
  words.emplace_back("More about these: 'batchai --help'.");
  std::string out;
  std::istringstream lines(wrapped(words, width - kIndent));
  for (std::string line; std::getline(lines, line);) {
    out += indent + line.substr(line.find_first_not_of(' ')) + "\n";
  }
  return "\nGlobal options\n" + out;
}

std::string command_text(const std::vector<OptionSpec>& global, const Selection& selection, std::size_t width) {
  const CommandSpec& command = *selection.command;
  return usage_text(selection.path, command, width) + "\n" + wrapped(words_of(command.summary), width) +
         options_text(option_sections(command.options), width) + global_text(command, global, width) +
         examples_text(command.examples);
}

std::string group_text(const Selection& selection, std::size_t width) {
  Rows rows;
  for (const CommandSpec& command : selection.commands) {
    if (command.name.starts_with(selection.prefix)) {
      rows.emplace_back(command.name.substr(selection.prefix.size()), command.summary);
    }
  }
  const std::string path = "batchai " + std::string(selection.group->name) + " " + selection.prefix;
  return path + "COMMAND [options]\n\n" + std::string(selection.group->summary) + "\n\nCommands\n" +
         two_columns(rows, width) + "\nMore about one command: " + path + "COMMAND --help\n";
}

std::vector<Example> first_steps() {
  return {{"Start a service on this machine, and be signed in to it", "batchai local start"},
          {"Run a script as a job, and bring home what it writes to $AZ_BATCHAI_OUTPUT_MODEL", "batchai run train.py"},
          {"Sign in to another one", "batchai login --service-principal -u ID -t TENANT -p @secret.txt"},
          {"Make a place for clusters and jobs",
           "batchai group create -n demo -l eastus && batchai workspace create -g demo -n ws"}};
}

std::string tree_text(CommandTree tree, const std::vector<OptionSpec>& global, std::size_t width) {
  Rows rows;
  for (const CommandGroup& group : tree) {
    rows.emplace_back(group.name, group.summary);
  }
  return "batchai COMMAND [options]\n\nRun training jobs on clusters with Batch AI.\n\nCommands\n" +
         two_columns(rows, width) + options_text(option_sections(global), width) + "\nExit codes\n" +
         two_columns(exit_codes(), width) + examples_text(first_steps()) +
         "\nMore about one command: batchai COMMAND --help\n";
}

}  // namespace

std::vector<std::vector<std::string>> usage_words(const std::string& path, const CommandSpec& command) {
  std::vector<std::string> by_names = words_of("batchai " + path);
  std::vector<std::string> by_ids = by_names;
  std::vector<std::string> behind{"[options]"};
  for (const OptionSpec& option : command.options) {
    const std::string word = usage_word(option);
    if (option.kind == OptionKind::Rest) {
      behind.push_back(word);
      continue;
    }
    if (!word.empty()) {
      by_names.push_back(word);
    }
    if (!word.empty() && option.id_part.empty()) {
      by_ids.push_back(word);
    }
  }
  by_names.insert(by_names.end(), behind.begin(), behind.end());
  if (find_ids(command.options) == nullptr) {
    return {by_names};
  }
  by_ids.insert(by_ids.end(), {"--ids ID...", "[options]"});
  return {by_names, by_ids};
}

std::string option_names(const OptionSpec& option) {
  if (option.positional) {
    return (option.kind == OptionKind::Rest ? "-- " : "") + std::string(option.value_name);
  }
  std::string text;
  for (const char name : {option.short_name, option.short_alias}) {
    text += name == '\0' ? "" : std::string("-") + name + ", ";
  }
  text += "--" + std::string(option.name);
  if (!option.alias.empty()) {
    text += ", --" + std::string(option.alias);
  }
  const std::string dots = option.kind == OptionKind::List ? "..." : "";
  return option.kind == OptionKind::Flag ? text : text + " " + std::string(option.value_name) + dots;
}

std::string option_description(const OptionSpec& option, bool by_ids) {
  std::string text(option.summary);
  if (!option.choices.empty()) {
    text += " One of";
    for (std::size_t i = 0; i < option.choices.size(); ++i) {
      text += (i == 0 ? ": " : ", ") + std::string(option.choices[i]);
    }
    text += ".";
  }
  text += default_text(option);
  if (!option.required) {
    return text;
  }
  return (by_ids && !option.id_part.empty() ? "[required, or --ids] " : "[required] ") + text;
}

std::vector<OptionSection> option_sections(const std::vector<OptionSpec>& options) {
  const OptionSpec* ids = find_ids(options);
  std::vector<OptionSection> sections;
  for (const OptionSpec& option : options) {
    const std::string_view heading = ids != nullptr && !option.id_part.empty() ? ids->group : option.group;
    auto section = std::find_if(sections.begin(), sections.end(), [&](auto& s) { return s.heading == heading; });
    if (section == sections.end()) {
      section = sections.insert(section, {.heading = heading, .by_ids = ids != nullptr});
    }
    section->options.push_back(option);
  }
  return sections;
}

Rows exit_codes() {
  return {
      {"0", "done"},
      {"1", "the service, the network or this machine refused or failed"},
      {"2", "wrong command line or config file"},
      {"3", "the named resource does not exist"},
      {"4", "sign-in failed or credentials missing"},
      {"130", "interrupted"},
      {"n",
       "'run', 'job wait', 'job create --wait' and '--stream': the job's own exit code (255: none); 'node exec': the "
       "command's"}};
}

std::string help_text(CommandTree tree, const std::vector<OptionSpec>& global, const Selection& selection,
                      std::size_t width) {
  if (selection.command != nullptr) {
    return command_text(global, selection, width);
  }
  return selection.group == nullptr ? tree_text(tree, global, width) : group_text(selection, width);
}

}  // namespace batchai::cli
