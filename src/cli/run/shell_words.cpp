#include "cli/run/shell_words.hpp"

#include "core/shell_quote.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace batchai::cli {
namespace {

/// Whether the text begins with a variable of the job.
bool begins_with_variable(std::string_view text) {
  return text.starts_with("$AZ_BATCH") || text.starts_with("${AZ_BATCH");
}

bool holds_variable(const std::string& text) {
  for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1)) {
    if (begins_with_variable(std::string_view(text).substr(at))) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string shell_word(const std::string& text) {
  const auto plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("_./:@%+=,-").find(static_cast<char>(c)) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), plain) ? text : shell_quote(text);
}

std::string node_word(const std::string& text) {
  if (!holds_variable(text)) {
    return shell_word(text);
  }
  std::string word = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool expands = c == '$' && begins_with_variable(std::string_view(text).substr(i));
    const bool special = c == '\\' || c == '"' || c == '`' || (c == '$' && !expands);
    word += special ? std::string("\\") + c : std::string(1, c);
  }
  return word + "\"";
}

}  // namespace batchai::cli
