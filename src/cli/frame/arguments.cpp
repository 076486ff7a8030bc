#include "cli/frame/arguments.hpp"

#include "core/parse_number.hpp"

#include <utility>

namespace batchai::cli {

bool Arguments::has(std::string_view name) const { return values_.contains(name); }

bool Arguments::given(std::string_view name) const {
  const auto found = values_.find(name);
  return found != values_.end() && found->second.given;
}

const std::string& Arguments::get(std::string_view name) const {
  static const std::string kNone;
  const std::vector<std::string>& values = list(name);
  return values.empty() ? kNone : values.front();
}

std::optional<std::string> Arguments::find(std::string_view name) const {
  return has(name) ? std::optional(get(name)) : std::nullopt;
}

std::optional<int> Arguments::integer(std::string_view name) const {
  return has(name) ? parse_number<int>(get(name)) : std::nullopt;
}

const std::vector<std::string>& Arguments::list(std::string_view name) const {
  static const std::vector<std::string> kNone;
  const auto found = values_.find(name);
  return found == values_.end() ? kNone : found->second.values;
}

void Arguments::set(std::string_view name, std::vector<std::string> values, bool from_command_line) {
  values_.insert_or_assign(std::string(name), Value{std::move(values), from_command_line});
}

}  // namespace batchai::cli
