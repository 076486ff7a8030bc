#include "cli/complete/completer.hpp"

#include "cli/app/options.hpp"
#include "cli/complete/typed_line.hpp"
#include "cli/config/default_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace batchai::cli {
namespace {

using Candidates = std::vector<Completion::Candidate>;

/// The words of a value's name in capitals: FILE and SHARE of `FILE... SHARE[/PATH]`.
std::vector<std::string> capital_words(std::string_view value_name) {
  std::vector<std::string> words(1);
  for (const char c : value_name) {
    if (c >= 'A' && c <= 'Z') {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

bool names_value(const OptionSpec& option, std::string_view word) {
  const std::vector<std::string> words = capital_words(option.value_name);
  return std::find(words.begin(), words.end(), word) != words.end();
}

NameKind kind_of(const OptionSpec& option) {
  struct Entry {
    std::string_view id_part;
    std::string_view value_name;
    NameKind kind;
  };
  static constexpr std::array kKinds{Entry{"resourceGroups", "GROUP", NameKind::Group},
                                     Entry{"workspaces", "WORKSPACE", NameKind::Workspace},
                                     Entry{"clusters", "CLUSTER", NameKind::Cluster},
                                     Entry{"experiments", "EXPERIMENT", NameKind::Experiment},
                                     Entry{"jobs", "JOB", NameKind::Job},
                                     Entry{"fileServers", "SERVER", NameKind::FileServer},
                                     Entry{"shares", "SHARE", NameKind::Share},
                                     Entry{"profiles", "PROFILE", NameKind::Profile}};
  for (const Entry& entry : kKinds) {
    if (option.id_part == entry.id_part || (option.id_part.empty() && names_value(option, entry.value_name))) {
      return entry.kind;
    }
  }
  return NameKind::None;
}

class Completer {
 public:
  Completer(const TypedLine& line, std::string partial, const FindNames& find_names)
      : line_(line), partial_(std::move(partial)), find_names_(find_names) {}

  Completion run(CommandTree tree) {
    if (line_.lost()) {
      return {};
    }
    const bool dashed = partial_.starts_with('-') && !line_.places_only();
    const OptionSpec* pending = line_.pending();
    if (pending != nullptr && !(pending->kind == OptionKind::List && dashed)) {
      add_values(*pending, "");
    } else if (const std::size_t equals = partial_.find('='); dashed && equals != std::string::npos) {
      if (const OptionSpec* option = line_.find_option(partial_.substr(0, equals))) {
        add_values(*option, partial_.substr(0, equals + 1));
      }
    } else if (dashed) {
      add_options(line_.options());
    } else if (line_.group() == nullptr) {
      add_groups(tree);
    } else if (line_.command() == nullptr) {
      add_command_words();
    } else if (const OptionSpec* place = line_.next_place()) {
      add_values(*place, "");
    } else if (partial_.empty()) {
      add_options(line_.command()->options);
    }
    return std::move(result_);
  }

 private:
  /// What begins as the typed word does, once.
  void add(const std::string& text, std::string_view description) {
    const auto same = [&](const Completion::Candidate& candidate) { return candidate.text == text; };
    const bool known = std::any_of(result_.candidates.begin(), result_.candidates.end(), same);
    if (text.starts_with(partial_) && !known) {
      result_.candidates.push_back({text, std::string(description)});
    }
  }

  void add_groups(CommandTree tree) {
    for (const CommandGroup& group : tree) {
      add(std::string(group.name), group.summary);
    }
  }

  void add_command_words() {
    const auto next = line_.next_words();
    for (const auto& [word, command] : next) {
      const auto same = [&word = word](const auto& other) { return other.first == word; };
      const bool alone = std::count_if(next.begin(), next.end(), same) == 1;
      add(word, alone ? command->summary : "");
    }
  }

  void add_options(const std::vector<OptionSpec>& options) {
    for (const OptionSpec& option : options) {
      const bool again = option.kind == OptionKind::List || option.kind == OptionKind::Repeated;
      if (option.positional || (line_.arguments().has(option.name) && !again)) {
        continue;
      }
      add("--" + std::string(option.name), option.summary);
      if (!option.alias.empty()) {
        add("--" + std::string(option.alias), option.summary);
      }
      for (const char name : {option.short_name, option.short_alias}) {
        if (name != '\0' && !partial_.empty()) {
          add(std::string("-") + name, option.summary);
        }
      }
    }
  }

  /// `head` is the part of the typed word that belongs to the option, as `--output=`.
  void add_values(const OptionSpec& option, const std::string& head) {
    if (names_value(option, "FILE")) {
      result_.paths = Completion::Paths::Files;
    } else if (names_value(option, "FOLDER")) {
      result_.paths = Completion::Paths::Folders;
    }
    // Behind what has been typed of a list with commas.
    const std::size_t comma = option.several ? partial_.rfind(',') : std::string::npos;
    const std::string list = comma == std::string::npos ? head : partial_.substr(0, comma + 1);
    for (const std::string_view choice : option.choices) {
      add(list + std::string(choice), "");
    }
    if (option.name == "defaults") {
      add_defaults();
      return;
    }
    // The name of what is being made is a new one.
    const bool creates = line_.command() != nullptr && line_.command()->name.ends_with("create");
    const NameKind kind = creates && option.short_name == 'n' ? NameKind::None : kind_of(option);
    if (kind == NameKind::None) {
      return;
    }
    // A path in a share continues after the name.
    const char* end = option.positional && kind == NameKind::Share ? "/" : "";
    for (const std::string& name : find_names_(kind, line_.options(), line_.arguments())) {
      add(head + name + end, "");
    }
  }

  /// Of `--defaults KEY=VALUE`: which there are and, behind the equals sign, what they can be.
  void add_defaults() {
    const std::string key = partial_.substr(0, partial_.find('='));
    if (key == partial_) {
      for (const std::string_view name : kDefaultNames) {
        add(std::string(name) + "=", "");
      }
      return;
    }
    for (const OptionSpec& option : global_options()) {
      for (const std::string_view choice : option.setting == key ? option.choices : std::vector<std::string_view>()) {
        add(key + "=" + std::string(choice), "");
      }
    }
    const std::vector<OptionSpec> options{group_option(), workspace_option(), experiment_option(), cluster_option()};
    Arguments arguments = line_.arguments();
    for (const OptionSpec& option : options) {
      for (const std::string& typed : line_.arguments().list("defaults")) {
        if (typed.starts_with(std::string(option.setting) + "=")) {
          arguments.set(option.name, {typed.substr(option.setting.size() + 1)}, true);
        }
      }
    }
    for (const OptionSpec& option : options) {
      if (option.setting == key) {
        for (const std::string& name : find_names_(kind_of(option), options, arguments)) {
          add(key + "=" + name, "");
        }
      }
    }
  }

  const TypedLine& line_;
  std::string partial_;
  const FindNames& find_names_;
  Completion result_;
};

}  // namespace

Completion complete(CommandTree tree, const std::vector<OptionSpec>& global, std::vector<std::string> words,
                    const FindNames& find_names) {
  std::string partial = words.empty() ? "" : std::move(words.back());
  if (!words.empty()) {
    words.pop_back();
  }
  const TypedLine line(tree, global, words);
  return Completer(line, std::move(partial), find_names).run(tree);
}

}  // namespace batchai::cli
