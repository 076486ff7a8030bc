#include "cli/resources/tags.hpp"

#include "cli/frame/errors.hpp"

namespace batchai::cli {
namespace {

constexpr std::string_view kPrefix = "tags.";

/// The text after `tags.`.
std::string member_of(const std::string& word, const char* option, const char* form) {
  if (!word.starts_with(kPrefix) || word.size() == kPrefix.size() || word[kPrefix.size()] == '=') {
    throw UsageError(std::string(option) + ": '" + word + "' is not " + form, "only tags can be changed");
  }
  return word.substr(kPrefix.size());
}

}  // namespace

OptionSpec tags_option(std::string_view summary) {
  return {.name = "tags", .summary = summary, .kind = OptionKind::List, .value_name = "TAG"};
}

Tags read_tags(const std::vector<std::string>& words) {
  Tags tags;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (!word.empty() && equals != 0) {
      tags.insert_or_assign(word.substr(0, equals), equals == std::string::npos ? "" : word.substr(equals + 1));
    }
  }
  return tags;
}

void change_tags(Tags& tags, const std::vector<std::string>& set, const std::vector<std::string>& remove) {
  for (const std::string& word : set) {
    const std::string member = member_of(word, "--set", "tags.KEY=VALUE");
    const std::size_t equals = member.find('=');
    if (equals == std::string::npos) {
      throw UsageError("--set: '" + word + "' is not tags.KEY=VALUE");
    }
    tags.insert_or_assign(member.substr(0, equals), member.substr(equals + 1));
  }
  for (const std::string& word : remove) {
    if (tags.erase(member_of(word, "--remove", "tags.KEY")) == 0) {
      throw CommandError(kNotFound, "--remove: there is no tag '" + word.substr(kPrefix.size()) + "'");
    }
  }
}

}  // namespace batchai::cli
