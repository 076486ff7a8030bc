#include "cli/frame/parse.hpp"

#include "batchai/core/http.hpp"
#include "cli/frame/errors.hpp"
#include "cli/frame/other_words.hpp"
#include "cli/frame/suggest.hpp"
#include "core/joined.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <utility>

#include <CLI/CLI.hpp>

namespace batchai::cli {
namespace {

std::string help_hint(const std::string& path) {
  return "see 'batchai " + (path.empty() ? std::string() : path + " ") + "--help'";
}

/// What other programs call a command that is called differently here; empty: nothing known.
std::string other_word_for(const std::string& word, const std::vector<std::string>& candidates) {
  static const std::multimap<std::string, std::string> kWords{
      {"ls", "list"},        {"dir", "list"},       {"rm", "delete"},    {"del", "delete"},    {"remove", "delete"},
      {"cp", "copy"},        {"put", "upload"},     {"get", "download"}, {"get", "show"},      {"add", "create"},
      {"new", "create"},     {"mkdir", "create"},   {"run", "create"},   {"submit", "create"}, {"cancel", "terminate"},
      {"kill", "terminate"}, {"stop", "terminate"}, {"tail", "stream"},  {"signin", "login"},  {"signout", "logout"}};
  const auto [first, last] = kWords.equal_range(word);
  const auto found = std::find_if(first, last, [&](const auto& entry) {
    return std::find(candidates.begin(), candidates.end(), entry.second) != candidates.end();
  });
  return found == last ? "" : found->second;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates) {
  const std::string known = other_word_for(word, candidates);
  const std::string best = known.empty() ? nearest(word, candidates) : known;
  return best.empty() ? "" : "; did you mean '" + best + "'?";
}

/// The name CLI11 wants: `-g,--resource-group`, or the bare name for a positional argument.
std::string declared_name(const OptionSpec& option) {
  if (option.positional) {
    return std::string(option.name);
  }
  std::string name;
  if (option.short_name != '\0') {
    name = std::string("-") + option.short_name + ",";
  }
  if (option.short_alias != '\0') {
    name += std::string("-") + option.short_alias + ",";
  }
  name += "--" + std::string(option.name);
  if (!option.alias.empty()) {
    name += ",--" + std::string(option.alias);
  }
  return name;
}

CLI::Option* declare(CLI::App& app, const OptionSpec& option) {
  if (option.kind == OptionKind::Flag) {
    return app.add_flag(declared_name(option));
  }
  CLI::Option* declared = app.add_option(declared_name(option));
  if (option.kind == OptionKind::List) {
    return declared->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args()->take_all();
  }
  if (option.kind == OptionKind::Repeated) {
    return declared->expected(1)->take_all();
  }
  return declared->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

/// The option that takes the words behind `--`; null if there is none.
const OptionSpec* find_rest(const std::vector<OptionSpec>& options) {
  const auto found =
      std::find_if(options.begin(), options.end(), [](auto& option) { return option.kind == OptionKind::Rest; });
  return found == options.end() ? nullptr : &*found;
}

std::string extra_hint(const std::vector<OptionSpec>& options, const std::string& path) {
  return find_rest(options) == nullptr ? help_hint(path) : "what is not this program's own goes behind --";
}

[[noreturn]] void refuse_extra(const std::vector<OptionSpec>& options, const std::string& path,
                               const std::string& word) {
  if (!word.starts_with('-') || word == "-") {
    throw UsageError("unexpected argument '" + word + "'", extra_hint(options, path));
  }
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string> known{"--help"};
  if (path.empty()) {
    known.emplace_back("--version");
  }
  for (const OptionSpec& option : options) {
    if (option.positional) {
      continue;
    }
    known.push_back("--" + std::string(option.name));
    if (!option.alias.empty()) {
      known.push_back("--" + std::string(option.alias));
    }
  }
  throw UsageError("unknown option '" + name + "'" + did_you_mean(name, known), extra_hint(options, path));
}

/// Whether the word is one of the option's names.
bool names(const OptionSpec& option, const std::string& word) {
  if (option.positional || !word.starts_with('-')) {
    return false;
  }
  const bool is_short = word.size() == 2 && (word[1] == option.short_name || word[1] == option.short_alias);
  return is_short || word == "--" + std::string(option.name) ||
         (!option.alias.empty() && word == "--" + std::string(option.alias));
}

/// The long option that `word`, as `--resource` or `--resource=g`, is the beginning of; null if there is none or if it
/// is named in full. Throws UsageError where there are several.
const OptionSpec* find_cut_short(const std::vector<OptionSpec>& options, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  if (!name.starts_with("--") || name.size() <= 2 ||
      std::any_of(options.begin(), options.end(), [&](const OptionSpec& option) { return names(option, name); })) {
    return nullptr;
  }
  const OptionSpec* found = nullptr;
  std::string all;
  for (const OptionSpec& option : options) {
    const std::string_view cut = std::string_view(name).substr(2);
    if (!option.positional && (option.name.starts_with(cut) || option.alias.starts_with(cut))) {
      all += (found == nullptr ? "--" : ", --") + std::string(option.name);
      found = &option;
    }
  }
  if (found != nullptr && all != "--" + std::string(found->name)) {
    throw UsageError("'" + name + "' can be any of " + all);
  }
  return found;
}

/// The word, with the name of an option in full.
std::string completed_word(const std::vector<OptionSpec>& options, const std::string& word) {
  const OptionSpec* option = find_cut_short(options, word);
  const std::size_t value = std::min(word.find('='), word.size());
  return option == nullptr ? word : "--" + std::string(option->name) + word.substr(value);
}

/// The option that the word, as `--name`, `--name=value` or `-n=value`, names in front of its `=`; null if there is
/// none.
const OptionSpec* find_named(const std::vector<OptionSpec>& options, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  const auto found =
      std::find_if(options.begin(), options.end(), [&](const OptionSpec& option) { return names(option, name); });
  return found == options.end() ? nullptr : &*found;
}

/// CLI11 would take `[a,b]` as a list of its own; with this in front it is a value as any other.
constexpr char kGuard = '\x01';

std::string guarded(const std::string& word) {
  return word.starts_with('[') || word.starts_with(kGuard) ? kGuard + word : word;
}

std::string unguarded(const std::string& word) { return word.starts_with(kGuard) ? word.substr(1) : word; }

/// Adds the word as CLI11 understands it: names in full, and a value behind `=` so that it is taken whatever it is:
/// CLI11 does not know `-n=value`, and takes the next word as the value of `--name=`.
void add_completed(std::vector<std::string>& words, const OptionSpec* option, const std::string& word,
                   const std::string& path) {
  const std::size_t equals = word.find('=');
  if (option == nullptr || equals == std::string::npos) {
    words.push_back(guarded(word));
    return;
  }
  const std::string name = "--" + std::string(option->name);
  if (option->kind == OptionKind::Flag) {
    throw UsageError("option " + name + " takes no value", help_hint(path));
  }
  const std::string value = word.substr(equals + 1);
  if (value.empty()) {
    words.insert(words.end(), {name, value});
  } else {
    words.push_back(name + "=" + guarded(value));
  }
}

/// The same for a command line; the values of options stay as they are. `rest`, where there is one, gets the words
/// behind `--`.
std::vector<std::string> completed_words(const std::vector<OptionSpec>& options, const std::string& path,
                                         const std::vector<std::string>& given, std::vector<std::string>* rest) {
  std::vector<std::string> words;
  bool is_value = false;
  for (auto next = given.begin(); next != given.end(); ++next) {
    if (!is_value && *next == "--") {
      if (rest != nullptr) {
        rest->assign(next + 1, given.end());
        break;
      }
      std::transform(next, given.end(), std::back_inserter(words), guarded);
      break;
    }
    const std::string word = is_value ? *next : completed_word(options, *next);
    const OptionSpec* option = is_value ? nullptr : find_named(options, word);
    add_completed(words, option, word, path);
    is_value = option != nullptr && option->kind != OptionKind::Flag && word.find('=') == std::string::npos;
  }
  return words;
}

/// The words of a global option in front of the command: one, or two with its value.
std::size_t width_of(const std::vector<OptionSpec>& global, const std::string& given) {
  const std::string word = completed_word(global, given);
  for (const OptionSpec& option : global) {
    if (names(option, word)) {
      return option.kind == OptionKind::Flag ? 1 : 2;
    }
  }
  return 1;
}

/// `path` is no command. Where no name here is near, the hint may know what to use in place of another program's.
[[noreturn]] void refuse_command(const std::string& path, const std::string& near, const std::string& group) {
  const std::string other = near.empty() ? hint_for_other(to_lower(path)) : std::string();
  throw UsageError("unknown command '" + path + "'" + near, other.empty() ? help_hint(group) : other);
}

const CommandGroup& find_group(CommandTree tree, const std::string& word) {
  std::vector<std::string> names;
  for (const CommandGroup& group : tree) {
    if (iequals(group.name, word)) {
      return group;
    }
    names.emplace_back(group.name);
  }
  refuse_command(word, did_you_mean(word, names), "");
}

/// How many of `words` a command's name takes up, or nothing if they do not begin with it.
std::size_t match_length(const CommandSpec& command, const std::vector<std::string>& words) {
  const std::vector<std::string> name = words_of(command.name);
  const bool matches = name.size() <= words.size() && std::equal(name.begin(), name.end(), words.begin());
  return matches ? name.size() : 0;
}

std::string join_names(const std::vector<CommandSpec>& commands, const std::string& prefix) {
  std::string names;
  for (const CommandSpec& command : commands) {
    if (command.name.starts_with(prefix)) {
      names += (names.empty() ? "" : ", ") + std::string(command.name.substr(prefix.size()));
    }
  }
  return names;
}

/// No command matched: either the words stop at a (sub)group, or one of them is wrong.
[[noreturn]] void refuse_words(const Selection& selection, const std::vector<std::string>& words) {
  std::string prefix;
  for (const std::string& word : words) {
    const std::string longer = prefix + word + " ";
    if (join_names(selection.commands, longer).empty()) {
      std::string path = selection.path;
      path.append(" ").append(prefix).append(word);
      std::vector<std::string> candidates;
      for (const CommandSpec& command : selection.commands) {
        if (command.name.starts_with(prefix)) {
          candidates.push_back(words_of(command.name.substr(prefix.size())).front());
        }
      }
      refuse_command(path, did_you_mean(word, candidates), selection.path);
    }
    prefix = longer;
  }
  const std::string path = selection.path + (prefix.empty() ? "" : " " + prefix.substr(0, prefix.size() - 1));
  throw UsageError("'" + path + "' needs a command: " + join_names(selection.commands, prefix), help_hint(path));
}

void choose_command(Selection& selection, const std::vector<std::string>& words) {
  if (selection.commands.size() == 1 && selection.commands.front().name.empty()) {
    selection.command = &selection.commands.front();
    selection.rest.assign(words.begin(), words.end());
    return;
  }
  std::vector<std::string> names;
  for (auto word = words.begin(); word != words.end() && !word->starts_with('-'); ++word) {
    names.push_back(to_lower(*word));
  }
  std::size_t longest = 0;
  for (const CommandSpec& command : selection.commands) {
    if (const std::size_t length = match_length(command, names); length > longest) {
      longest = length;
      selection.command = &command;
    }
  }
  if (selection.command == nullptr) {
    if (!selection.help) {
      refuse_words(selection, names);
    }
    for (const std::string& name : names) {
      const std::string longer = selection.prefix + name + " ";
      selection.prefix = join_names(selection.commands, longer).empty() ? selection.prefix : longer;
    }
    return;
  }
  selection.path += " " + std::string(selection.command->name);
  selection.rest.assign(words.begin() + static_cast<std::ptrdiff_t>(longest), words.end());
}

/// CLI11 takes the name of an option as the value of the one in front of it.
void refuse_missing_values(const std::vector<OptionSpec>& options, const std::string& path,
                           const std::vector<std::string>& words) {
  for (std::size_t i = 0; i + 1 < words.size() && words[i] != "--"; ++i) {
    const auto option =
        std::find_if(options.begin(), options.end(), [&](const OptionSpec& each) { return names(each, words[i]); });
    if (option != options.end() && option->kind != OptionKind::Flag && find_named(options, words[i + 1]) != nullptr) {
      throw UsageError("option --" + std::string(option->name) + " needs a value", help_hint(path));
    }
  }
}

void check_integer(const OptionSpec& option, const std::string& value) {
  int number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (end != value.data() + value.size() || error == std::errc::invalid_argument) {
    throw UsageError(display_name(option) + ": '" + value + "' is not an integer");
  }
  if (error != std::errc()) {
    throw UsageError(display_name(option) + ": '" + value + "' is out of range");
  }
}

std::string checked_choice(const OptionSpec& option, const std::string& value) {
  for (const std::string_view choice : option.choices) {
    if (iequals(choice, value)) {
      return std::string(choice);
    }
  }
  throw UsageError(display_name(option) + ": '" + value + "' is not one of " + joined(option.choices, ", ") +
                   did_you_mean(value, {option.choices.begin(), option.choices.end()}));
}

}  // namespace

Selection select_command(CommandTree tree, const std::vector<OptionSpec>& global, std::vector<std::string> words) {
  Selection selection;
  const auto is_help = [](const std::string& word) {
    return word == "-h" || (word.size() > 3 && std::string_view("--help").starts_with(word));
  };
  selection.help = std::any_of(words.begin(), std::find(words.begin(), words.end(), "--"), is_help);
  std::size_t first = 0;
  while (first < words.size() && words[first].starts_with('-')) {
    first += width_of(global, words[first]);
  }
  if (first >= words.size()) {
    selection.rest = std::move(words);
    return selection;
  }
  selection.group = &find_group(tree, words[first]);
  selection.path = std::string(selection.group->name);
  selection.commands = selection.group->commands();
  std::vector<std::string> behind(words.begin() + static_cast<std::ptrdiff_t>(first) + 1, words.end());
  choose_command(selection, behind);
  // In front, so that they are not behind a `--`.
  selection.rest.insert(selection.rest.begin(), words.begin(), words.begin() + static_cast<std::ptrdiff_t>(first));
  return selection;
}

Arguments parse_arguments(const std::vector<OptionSpec>& options, const std::string& path,
                          const std::vector<std::string>& given, const ValueReader& read_value) {
  const OptionSpec* behind = find_rest(options);
  std::vector<std::string> rest;
  const std::vector<std::string> words = completed_words(options, path, given, behind == nullptr ? nullptr : &rest);
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<CLI::Option*> declared;
  for (const OptionSpec& option : options) {
    declared.push_back(option.kind == OptionKind::Rest ? nullptr : declare(app, option));
  }
  refuse_missing_values(options, path, words);
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string text = error.what();
    throw UsageError("option " + text.substr(0, text.find(':')) + " needs a value", help_hint(path));
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what(), help_hint(path));
  }
  std::vector<std::string> extras = app.remaining();
  std::erase(extras, "--");  // everything after it was positional
  if (!extras.empty()) {
    refuse_extra(options, path, unguarded(extras.front()));
  }
  Arguments arguments;
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (declared[i] == nullptr || declared[i]->count() == 0) {
      continue;
    }
    std::vector<std::string> values = declared[i]->results();
    if (options[i].kind == OptionKind::Text || options[i].kind == OptionKind::Integer) {
      values = {values.back()};
    }
    for (std::string& value : values) {
      value = unguarded(value);
      value = checked_value(options[i], read_value ? read_value(options[i], value) : value);
    }
    arguments.set(options[i].name, std::move(values), true);
  }
  if (!rest.empty()) {
    arguments.set(behind->name, std::move(rest), true);
  }
  return arguments;
}

std::string checked_value(const OptionSpec& option, const std::string& value) {
  if (option.kind == OptionKind::Integer) {
    check_integer(option, value);
  }
  if (option.choices.empty()) {
    return value;
  }
  if (!option.several) {
    return checked_choice(option, value);
  }
  std::string checked;
  for (std::size_t begin = 0; begin <= value.size();) {
    const std::size_t end = std::min(value.find(',', begin), value.size());
    checked += (begin == 0 ? "" : ",") + checked_choice(option, value.substr(begin, end - begin));
    begin = end + 1;
  }
  return checked;
}

void check_required(const std::vector<OptionSpec>& options, const std::string& path, const Arguments& arguments) {
  std::string missing;
  for (const OptionSpec& option : options) {
    if (option.required && !arguments.has(option.name)) {
      missing += (missing.empty() ? "" : ", ") + display_name(option);
    }
  }
  if (!missing.empty()) {
    throw UsageError("missing: " + missing, help_hint(path));
  }
}

}  // namespace batchai::cli
