#include "cli/frame/help.hpp"
#include "cli/manual/pages.hpp"
#include "core/joined.hpp"

// Pages in the language of man(7).
namespace batchai::cli {
namespace {

/// Text as it is: roff would interpret a backslash, a hyphen, and a dot or quote that begins a line.
std::string plain(std::string_view text) {
  std::string out = text.starts_with('.') || text.starts_with('\'') ? "\\&" : "";
  for (const char c : text) {
    out += c == '\\' ? "\\e" : c == '-' ? "\\-" : c == '\'' ? "\\(aq" : std::string(1, c);
  }
  return out;
}

std::string upper(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return out;
}

std::string without_dot(std::string_view text) {
  return std::string(text.ends_with('.') ? text.substr(0, text.size() - 1) : text);
}

std::string head(const std::string& page, std::string_view summary) {
  return ".\\\" Made from the command line's own descriptions; tests/cli/manual/manual_test.cpp says how to renew it.\n"
         ".TH " +
         upper(page) + " 1 \"\" \"batchai\" \"batchai manual\"\n.SH NAME\n" + plain(page) + " \\- " +
         plain(without_dot(summary)) + "\n";
}

/// `.TP`, the term and its text.
std::string item(const std::string& term, const std::string& text) {
  return ".TP\n\\fB" + plain(term) + "\\fR\n" + plain(text) + "\n";
}

std::string options_of(const std::vector<OptionSpec>& options, const std::string& heading_macro) {
  std::string text;
  for (const OptionSection& section : option_sections(options)) {
    text +=
        heading_macro + " " + (heading_macro == ".SH" ? upper(section.heading) : std::string(section.heading)) + "\n";
    for (const OptionSpec& option : section.options) {
      text += item(option_names(option), option_description(option, section.by_ids));
    }
  }
  return text;
}

/// A line that is not filled up or broken: what is typed.
std::string typed(const std::string& line) { return ".EX\n" + plain(line) + "\n.EE\n"; }

std::string command_section(const CommandGroup& group, const CommandSpec& command) {
  const std::string name = full_name(group, command);
  std::string text = ".SH \"" + upper(name) + "\"\n" + plain(command.summary) + "\n";
  for (const auto& words : usage_words(name.substr(name.find(' ') + 1), command)) {
    text += ".PP\n" + plain(joined(words, " ")) + "\n";
  }
  text += options_of(command.options, ".SS");
  if (!command.examples.empty()) {
    text += ".SS Examples\n";
  }
  for (const Example& example : command.examples) {
    text += ".PP\n" + plain(example.text) + ":\n.PP\n.RS 4\n" + typed(std::string(example.command)) + ".RE\n";
  }
  return text;
}

std::string page_name(const CommandGroup& group) { return "batchai-" + std::string(group.name); }

std::string manual_of_group(const CommandGroup& group) {
  const std::vector<CommandSpec> commands = group.commands();
  const bool alone = commands.size() == 1 && commands.front().name.empty();
  std::string text = head(page_name(group), group.summary) + ".SH SYNOPSIS\n" +
                     plain("batchai " + std::string(group.name) + (alone ? " [options]" : " COMMAND [options]")) + "\n";
  for (const CommandSpec& command : commands) {
    text += command_section(group, command);
  }
  return text + ".SH SEE ALSO\n.BR batchai (1)\n";
}

std::string manual_of_program(CommandTree tree, const std::vector<OptionSpec>& global) {
  std::string text = head("batchai", "run training jobs on clusters with Batch AI") +
                     ".SH SYNOPSIS\nbatchai COMMAND [options]\n.SH COMMANDS\n";
  std::string pages;
  for (const CommandGroup& group : tree) {
    text += item(std::string(group.name), std::string(group.summary));
    pages += (pages.empty() ? ".BR " : " ,\n.BR ") + plain(page_name(group)) + " (1)";
  }
  text += options_of(global, ".SH") + ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : exit_codes()) {
    text += item(code, meaning);
  }
  return text + ".SH SEE ALSO\n" + pages + "\n";
}

}  // namespace

Pages man_pages(CommandTree tree, const std::vector<OptionSpec>& global) {
  Pages pages{{"batchai.1", manual_of_program(tree, global)}};
  for (const CommandGroup& group : tree) {
    pages.emplace(page_name(group) + ".1", manual_of_group(group));
  }
  return pages;
}

}  // namespace batchai::cli
