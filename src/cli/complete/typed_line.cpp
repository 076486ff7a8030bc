#include "cli/complete/typed_line.hpp"

#include <algorithm>

namespace batchai::cli {
namespace {

bool starts_with_words(const std::vector<std::string>& name, const std::vector<std::string>& words) {
  return name.size() >= words.size() && std::equal(words.begin(), words.end(), name.begin());
}

}  // namespace

TypedLine::TypedLine(CommandTree tree, const std::vector<OptionSpec>& global, const std::vector<std::string>& words)
    : tree_(tree), global_(global), options_(global) {
  for (const std::string& word : words) {
    take(word);
  }
}

std::vector<std::pair<std::string, const CommandSpec*>> TypedLine::next_words() const {
  std::vector<std::pair<std::string, const CommandSpec*>> next;
  for (const CommandSpec& command : commands_) {
    const std::vector<std::string> name = words_of(command.name);
    if (name.size() > command_words_.size() && starts_with_words(name, command_words_)) {
      next.emplace_back(name[command_words_.size()], &command);
    }
  }
  return next;
}

const OptionSpec* TypedLine::find_option(const std::string& name) const {
  const auto found = std::find_if(options_.begin(), options_.end(), [&](const OptionSpec& option) {
    const auto is_long = [&](std::string_view own) { return !own.empty() && name == "--" + std::string(own); };
    const auto is_short = [&](char own) { return own != '\0' && name == std::string("-") + own; };
    return !option.positional && (is_long(option.name) || is_long(option.alias) || is_short(option.short_name) ||
                                  is_short(option.short_alias));
  });
  return found == options_.end() ? nullptr : &*found;
}

bool TypedLine::takes_rest() const {
  return std::any_of(options_.begin(), options_.end(), [](auto& option) { return option.kind == OptionKind::Rest; });
}

const OptionSpec* TypedLine::next_place() const {
  const auto found = std::find_if(options_.begin(), options_.end(), [&](const OptionSpec& option) {
    if (option.kind == OptionKind::Rest) {
      return places_only_;
    }
    return option.positional && (option.kind == OptionKind::List || !arguments_.has(option.name)) &&
           !(places_only_ && takes_rest());
  });
  return found == options_.end() ? nullptr : &*found;
}

void TypedLine::take(const std::string& word) {
  const bool dashed = word.size() > 1 && word.starts_with('-') && !places_only_;
  if (pending_ != nullptr && !(pending_->kind == OptionKind::List && dashed)) {
    take_value(*pending_, word);
  } else if (!dashed) {
    take_plain(word);
  } else if (word == "--") {
    pending_ = nullptr;
    places_only_ = true;
  } else {
    take_option(word);
  }
}

void TypedLine::take_option(const std::string& word) {
  pending_ = nullptr;
  if (!word.starts_with("--")) {
    take_short_options(word);
    return;
  }
  const std::size_t equals = word.find('=');
  const OptionSpec* option = find_option(word.substr(0, equals));
  if (option == nullptr) {
    return;  // unknown, so what follows may be right
  }
  if (equals != std::string::npos) {
    take_value(*option, word.substr(equals + 1));
  } else if (option->kind == OptionKind::Flag) {
    take_value(*option, "true");
  } else {
    pending_ = option;
  }
}

void TypedLine::take_short_options(const std::string& word) {
  for (std::size_t i = 1; i < word.size(); ++i) {
    const OptionSpec* option = find_option(std::string("-") + word[i]);
    if (option == nullptr) {
      return;
    }
    if (option->kind == OptionKind::Flag) {
      take_value(*option, "true");
      continue;
    }
    if (i + 1 < word.size()) {
      const bool equals = i == 1 && word[2] == '=';  // as `-g=demo`
      take_value(*option, word.substr(equals ? 3 : i + 1));
    } else {
      pending_ = option;
    }
    return;
  }
}

void TypedLine::take_value(const OptionSpec& option, const std::string& value) {
  std::vector<std::string> values;
  if (option.kind == OptionKind::List || option.kind == OptionKind::Repeated || option.kind == OptionKind::Rest) {
    values = arguments_.list(option.name);
  }
  values.push_back(value);
  arguments_.set(option.name, std::move(values), true);
  if (option.kind != OptionKind::List) {
    pending_ = nullptr;
  }
}

void TypedLine::take_plain(const std::string& word) {
  if (command_ != nullptr) {
    if (const OptionSpec* place = next_place()) {
      take_value(*place, word);
    }
    return;
  }
  if (group_ == nullptr) {
    const auto found = std::find_if(tree_.begin(), tree_.end(), [&](auto& group) { return group.name == word; });
    lost_ = lost_ || found == tree_.end();
    if (!lost_) {
      group_ = &*found;
      commands_ = group_->commands();
    }
  } else {
    command_words_.push_back(word);
  }
  choose_command();
}

void TypedLine::choose_command() {
  const auto found = std::find_if(commands_.begin(), commands_.end(),
                                  [&](const CommandSpec& spec) { return words_of(spec.name) == command_words_; });
  if (found != commands_.end()) {
    command_ = &*found;
    options_ = with_global_options(*command_, global_);
  } else if (next_words().empty()) {
    lost_ = true;
  }
}

}  // namespace batchai::cli
