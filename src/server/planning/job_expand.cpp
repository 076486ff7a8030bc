#include "server/planning/job_expand.hpp"

#include <algorithm>
#include <functional>
#include <optional>

namespace batchai::server {

namespace {

constexpr std::string_view kServicePrefix = "AZ_BATCHAI_";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_character(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

/// A reference at the beginning of a text.
struct Reference {
  std::string_view name;
  /// Dollar sign and braces included.
  std::size_t length = 0;
};

std::optional<Reference> read_reference(std::string_view text) {
  const bool braces = text.size() > 1 && text[1] == '{';
  const std::size_t begin = braces ? 2 : 1;
  const auto end = static_cast<std::size_t>(
      std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(std::min(begin, text.size())), text.end(),
                       is_name_character) -
      text.begin());
  const auto name = text.substr(std::min(begin, text.size()), end - std::min(begin, end));
  if (!is_variable_name(name) || (braces && (end >= text.size() || text[end] != '}'))) {
    return std::nullopt;
  }
  return Reference{name, braces ? end + 1 : end};
}

std::string expand(std::string_view text, const Variables& variables, std::string_view prefix) {
  std::string result;
  while (!text.empty()) {
    const auto dollar = std::min(text.find('$'), text.size());
    result += text.substr(0, dollar);
    text.remove_prefix(dollar);
    if (text.empty()) {
      break;
    }
    const auto reference = read_reference(text);
    const auto length = reference ? reference->length : 1;
    if (!reference || !reference->name.starts_with(prefix)) {
      result += text.substr(0, length);
    } else if (const auto found = variables.find(std::string(reference->name)); found != variables.end()) {
      result += found->second;
    }
    text.remove_prefix(length);
  }
  return result;
}

}  // namespace

bool is_variable_name(std::string_view text) {
  return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, is_name_character);
}

std::string expand_variables(std::string_view text, const Variables& variables) { return expand(text, variables, ""); }

std::string expand_service_variables(std::string_view text, const Variables& variables) {
  return expand(text, variables, kServicePrefix);
}

}  // namespace batchai::server
