#include "cli/frame/help.hpp"

#include "batchai/core/http.hpp"

#include <algorithm>
#include <utility>

namespace batchai::cli {
namespace {

constexpr std::size_t kIndent = 4;

using Rows = std::vector<std::pair<std::string, std::string>>;

/// Two columns; the right one is wrapped at blanks and keeps its left edge.
std::string two_columns(const Rows& rows, std::size_t width) {
  std::size_t left = 0;
  for (const auto& [name, text] : rows) {
    left = std::max(left, std::min<std::size_t>(name.size(), 36));
  }
  const std::size_t edge = kIndent + left + 2;
  std::string out;
  for (const auto& [name, text] : rows) {
    std::string line = std::string(kIndent, ' ') + name;
    line.append(line.size() + 2 > edge ? 2 : edge - line.size(), ' ');
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find(' ', begin), text.size());
      if (line.size() > edge && line.size() + end - begin > width && line.back() == ' ') {
        out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
        line.assign(edge, ' ');
      }
      line += text.substr(begin, end - begin) + " ";
      begin = end + 1;
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

std::string left_column(const OptionSpec& option) {
  std::string text;
  if (option.positional) {
    return std::string(option.value_name);
  }
  text = option.short_name == '\0' ? "    " : std::string("-") + option.short_name + ", ";
  if (option.short_alias != '\0') {
    text += std::string("-") + option.short_alias + ", ";
  }
  text += "--" + std::string(option.name);
  if (!option.alias.empty()) {
    text += ", --" + std::string(option.alias);
  }
  return option.kind == OptionKind::Flag ? text : text + " " + std::string(option.value_name);
}

std::string environment_name(std::string_view setting) {
  std::string name = "BATCHAI_DEFAULTS_";
  for (const char c : setting) {
    name += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return name;
}

std::string right_column(const OptionSpec& option) {
  std::string text(option.summary);
  if (!option.choices.empty()) {
    text += " One of";
    for (std::size_t i = 0; i < option.choices.size(); ++i) {
      text += (i == 0 ? ": " : ", ") + std::string(option.choices[i]);
    }
    text += ".";
  }
  if (!option.default_value.empty()) {
    text += " Default: " + std::string(option.default_value) + ".";
  }
  if (!option.setting.empty()) {
    text += " Default from " + environment_name(option.setting) + " or [defaults] " + std::string(option.setting) + ".";
  }
  return option.required ? "[required] " + text : text;
}

std::string options_text(const std::vector<OptionSpec>& options, std::size_t width) {
  std::vector<std::string_view> headings;
  for (const OptionSpec& option : options) {
    if (std::find(headings.begin(), headings.end(), option.group) == headings.end()) {
      headings.push_back(option.group);
    }
  }
  std::string out;
  for (const std::string_view heading : headings) {
    Rows rows;
    for (const OptionSpec& option : options) {
      if (option.group == heading) {
        rows.emplace_back(left_column(option), right_column(option));
      }
    }
    out += "\n" + std::string(heading) + "\n" + two_columns(rows, width);
  }
  return out;
}

std::string usage_line(const std::string& path, const CommandSpec& command) {
  std::string usage = "batchai " + path;
  for (const OptionSpec& option : command.options) {
    if (option.positional) {
      const std::string place(option.value_name);
      usage += " " + (option.required ? place : "[" + place + "]") + (option.kind == OptionKind::List ? "..." : "");
    } else if (option.required) {
      usage += " --" + std::string(option.name) + " " + std::string(option.value_name);
    }
  }
  return usage + " [options]\n";
}

std::string command_text(const std::vector<OptionSpec>& global, const Selection& selection, std::size_t width) {
  const CommandSpec& command = *selection.command;
  std::string text = usage_line(selection.path, command) + "\n" + std::string(command.summary) + "\n";
  std::vector<OptionSpec> others;
  std::copy_if(global.begin(), global.end(), std::back_inserter(others), [&](const OptionSpec& option) {
    return std::none_of(command.options.begin(), command.options.end(),
                        [&](const OptionSpec& own) { return own.name == option.name; });
  });
  text += options_text(command.options, width) + options_text(others, width);
  if (!command.examples.empty()) {
    text += "\nExamples\n";
    for (const Example& example : command.examples) {
      text += "    " + std::string(example.text) + "\n        " + std::string(example.command) + "\n";
    }
  }
  return text;
}

std::string group_text(const Selection& selection, std::size_t width) {
  Rows rows;
  for (const CommandSpec& command : selection.commands) {
    rows.emplace_back(command.name, command.summary);
  }
  return "batchai " + std::string(selection.group->name) + " COMMAND [options]\n\n" +
         std::string(selection.group->summary) + "\n\nCommands\n" + two_columns(rows, width);
}

std::string tree_text(CommandTree tree, const std::vector<OptionSpec>& global, std::size_t width) {
  Rows rows;
  for (const CommandGroup& group : tree) {
    rows.emplace_back(group.name, group.summary);
  }
  const Rows codes = {{"0", "done"},
                      {"1", "the service or the network refused or failed"},
                      {"2", "wrong command line or config file"},
                      {"3", "the named resource does not exist"},
                      {"4", "sign-in failed or credentials missing"},
                      {"130", "interrupted"},
                      {"n", "'job wait', 'job create --wait' and '--stream': the job's own exit code (255: none)"}};
  return "batchai COMMAND [options]\n\nRun training jobs on clusters with Batch AI.\n\nCommands\n" +
         two_columns(rows, width) + options_text(global, width) + "\nExit codes\n" + two_columns(codes, width) +
         "\nMore about one command: batchai COMMAND --help\n";
}

}  // namespace

std::string help_text(CommandTree tree, const std::vector<OptionSpec>& global, const Selection& selection,
                      std::size_t width) {
  if (selection.command != nullptr) {
    return command_text(global, selection, width);
  }
  return selection.group == nullptr ? tree_text(tree, global, width) : group_text(selection, width);
}

}  // namespace batchai::cli
