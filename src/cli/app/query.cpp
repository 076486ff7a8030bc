#include "cli/app/query.hpp"

#include "cli/frame/errors.hpp"
#include "cli/output/text_width.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

/// The line of the expression that holds the mistake, and a caret under it.
std::string excerpt_of(const std::string& expression, std::size_t position) {
  const std::size_t break_before = position == 0 ? std::string::npos : expression.rfind('\n', position - 1);
  const std::size_t begin = break_before == std::string::npos ? 0 : break_before + 1;
  std::string line = expression.substr(begin, expression.find('\n', position) - begin);
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  const std::size_t column = width_of(std::string_view(line).substr(0, position - begin));
  return "    " + line + "\n    " + std::string(column, ' ') + "^\n";
}

CommandError describe(int exit_code, const std::string& option, const std::string& text, const jmespath::Error& error) {
  return {exit_code, option + ": " + error.what(), {}, excerpt_of(text, error.position())};
}

jmespath::Expression parse(const std::string& option, const std::string& text) {
  try {
    return jmespath::parse(text);
  } catch (const jmespath::Error& error) {
    throw describe(kUsage, option, text, error);
  }
}

}  // namespace

Query::Query(std::string option, const std::string& text)
    : option_(std::move(option)), expression_(parse(option_, text)) {}

nlohmann::ordered_json Query::search(const nlohmann::ordered_json& document) const {
  try {
    return expression_.search(document);
  } catch (const jmespath::Error& error) {
    throw describe(kFailed, option_, expression_.text(), error);
  }
}

bool Query::holds(const nlohmann::ordered_json& document) const {
  const nlohmann::ordered_json found = search(document);
  return jmespath::is_truthy(found) && found != 0;
}

}  // namespace batchai::cli
