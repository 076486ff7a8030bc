#include "cli/frame/help.hpp"
#include "cli/manual/pages.hpp"
#include "core/joined.hpp"

namespace batchai::cli {
namespace {

constexpr const char* kNotice =
    "<!-- Made from the command line's own descriptions; tests/cli/manual/manual_test.cpp says how to renew it. "
    "-->\n\n";

/// Text in a table: a bar would end the cell, and `<` begin a tag.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out += c == '|' ? "\\|" : c == '<' ? "&lt;" : c == '*' ? "\\*" : std::string(1, c);
  }
  return out;
}

std::string code_cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out += c == '|' ? "\\|" : std::string(1, c);
  }
  return "`" + out + "`";
}

std::string options_of(const std::vector<OptionSpec>& options) {
  std::string text;
  for (const OptionSection& section : option_sections(options)) {
    text += "\n| " + std::string(section.heading) + " | |\n|---|---|\n";
    for (const OptionSpec& option : section.options) {
      text +=
          "| " + code_cell(option_names(option)) + " | " + cell(option_description(option, section.by_ids)) + " |\n";
    }
  }
  return text;
}

std::string command_text(const CommandGroup& group, const CommandSpec& command) {
  const std::string name = full_name(group, command);
  std::string text = "\n## " + name + "\n\n" + cell(std::string(command.summary)) + "\n\n```\n";
  for (const auto& words : usage_words(name.substr(name.find(' ') + 1), command)) {
    text += joined(words, " ") + "\n";
  }
  text += "```\n" + options_of(command.options);
  for (const Example& example : command.examples) {
    text += "\n" + cell(std::string(example.text)) + ":\n\n```sh\n" + std::string(example.command) + "\n```\n";
  }
  return text;
}

std::string group_page(const CommandGroup& group) {
  std::string text = kNotice + ("# batchai " + std::string(group.name)) + "\n\n" + cell(std::string(group.summary)) +
                     "\n\nThe options that all commands take are in [README.md](README.md).\n";
  for (const CommandSpec& command : group.commands()) {
    text += command_text(group, command);
  }
  return text;
}

std::string start_page(CommandTree tree, const std::vector<OptionSpec>& global) {
  std::string text = kNotice + std::string(
                                   "# batchai\n\nRun training jobs on clusters with Batch AI.\n\n"
                                   "```\nbatchai COMMAND [options]\n```\n\n| commands | |\n|---|---|\n");
  for (const CommandGroup& group : tree) {
    const std::string name(group.name);
    text += "| [" + name + "](" + name + ".md) | " + cell(std::string(group.summary)) + " |\n";
  }
  text += options_of(global) + "\n| exit code | meaning |\n|---|---|\n";
  for (const auto& [code, meaning] : exit_codes()) {
    text += "| " + code + " | " + cell(meaning) + " |\n";
  }
  return text;
}

}  // namespace

Pages markdown_pages(CommandTree tree, const std::vector<OptionSpec>& global) {
  Pages pages{{"README.md", start_page(tree, global)}};
  for (const CommandGroup& group : tree) {
    pages.emplace(std::string(group.name) + ".md", group_page(group));
  }
  return pages;
}

}  // namespace batchai::cli
