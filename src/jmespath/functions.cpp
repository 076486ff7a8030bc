#include "jmespath/functions.hpp"

#include "jmespath/evaluator.hpp"

#include <algorithm>
#include <array>

namespace batchai::jmespath {
namespace {

const std::vector<FunctionSpec>& all_functions() {
  constexpr unsigned kSortable = kNumbers | kStrings;
  static const std::vector<FunctionSpec> kFunctions{{"abs", {kNumber}, functions::abs},
                                                    {"avg", {kNumbers}, functions::avg},
                                                    {"ceil", {kNumber}, functions::ceil},
                                                    {"contains", {kArray | kString, kAny}, functions::contains},
                                                    {"ends_with", {kString, kString}, functions::ends_with},
                                                    {"floor", {kNumber}, functions::floor},
                                                    {"join", {kString, kStrings}, functions::join},
                                                    {"keys", {kObject}, functions::keys},
                                                    {"length", {kString | kArray | kObject}, functions::length},
                                                    {"map", {kReference, kArray}, functions::map},
                                                    {"max", {kSortable}, functions::max},
                                                    {"max_by", {kArray, kReference}, functions::max_by},
                                                    {"merge", {kObject}, functions::merge, true},
                                                    {"min", {kSortable}, functions::min},
                                                    {"min_by", {kArray, kReference}, functions::min_by},
                                                    {"not_null", {kAny}, functions::not_null, true},
                                                    {"reverse", {kArray | kString}, functions::reverse},
                                                    {"sort", {kSortable}, functions::sort},
                                                    {"sort_by", {kArray, kReference}, functions::sort_by},
                                                    {"starts_with", {kString, kString}, functions::starts_with},
                                                    {"sum", {kNumbers}, functions::sum},
                                                    {"to_array", {kAny}, functions::to_array},
                                                    {"to_number", {kAny}, functions::to_number},
                                                    {"to_string", {kAny}, functions::to_string},
                                                    {"type", {kAny}, functions::type},
                                                    {"values", {kObject}, functions::values}};
  return kFunctions;
}

/// `an array of numbers or an array of strings`
std::string describe_types(unsigned types) {
  constexpr std::array<std::pair<unsigned, const char*>, 9> kNames{{{kNumber, "a number"},
                                                                    {kString, "a string"},
                                                                    {kBoolean, "a boolean"},
                                                                    {kArray, "an array"},
                                                                    {kObject, "an object"},
                                                                    {kNull, "null"},
                                                                    {kNumbers, "an array of numbers"},
                                                                    {kStrings, "an array of strings"},
                                                                    {kReference, "an expression behind '&'"}}};
  if (types == kAny) {
    return "a value";
  }
  std::string text;
  for (const auto& [type, name] : kNames) {
    if ((types & type) != 0) {
      text += (text.empty() ? "" : " or ") + std::string(name);
    }
  }
  return text;
}

template <class IsWanted>
bool all_items(const Json& list, IsWanted is_wanted) {
  return list.is_array() && std::all_of(list.begin(), list.end(), is_wanted);
}

/// All the types that the argument has.
unsigned types_of(const Argument& argument) {
  if (argument.expression != nullptr) {
    return kReference;
  }
  const Json& value = *argument.value;
  switch (value.type()) {
    case Json::value_t::string:
      return kString;
    case Json::value_t::boolean:
      return kBoolean;
    case Json::value_t::object:
      return kObject;
    case Json::value_t::null:
      return kNull;
    case Json::value_t::array:
      return kArray | (all_items(value, [](const Json& item) { return item.is_number(); }) ? kNumbers : 0U) |
             (all_items(value, [](const Json& item) { return item.is_string(); }) ? kStrings : 0U);
    default:
      return kNumber;
  }
}

std::string describe_argument(const Argument& argument, unsigned wanted) {
  if (argument.expression != nullptr) {
    return "an expression behind '&'";
  }
  const bool has_wrong_items = argument.value->is_array() && (wanted & (kNumbers | kStrings)) != 0;
  return has_wrong_items ? "an array with other items" : describe_types(types_of({.value = argument.value}) & kAny);
}

}  // namespace

const FunctionSpec* find_function(std::string_view name) {
  const auto& all = all_functions();
  const auto found = std::find_if(all.begin(), all.end(), [&](const FunctionSpec& f) { return f.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::optional<EvaluationError> problem_of(const Call& call, std::string_view name) {
  if (call.function == nullptr) {
    return EvaluationError(ErrorKind::UnknownFunction, call.position,
                           "there is no function '" + std::string(name) + "'");
  }
  const std::size_t wanted = call.function->parameters.size();
  const std::size_t given = call.arguments.size();
  if (call.function->variadic ? given < wanted : given != wanted) {
    return EvaluationError(ErrorKind::InvalidArity, call.position,
                           std::string(name) + "() takes " + (call.function->variadic ? "at least " : "") +
                               std::to_string(wanted) + (wanted == 1 ? " argument" : " arguments") + ", not " +
                               std::to_string(given));
  }
  return std::nullopt;
}

Value invoke(const Invocation& invocation) {
  const std::vector<unsigned>& parameters = invocation.function.parameters;
  for (std::size_t i = 0; i < invocation.arguments.size(); ++i) {
    const unsigned wanted = parameters[std::min(i, parameters.size() - 1)];
    const Argument& argument = invocation.arguments[i];
    if ((types_of(argument) & wanted) == 0) {
      const std::string which = invocation.arguments.size() > 1 ? "as argument " + std::to_string(i + 1) + " " : "";
      refuse_type(invocation,
                  "takes " + which + describe_types(wanted) + ", not " + describe_argument(argument, wanted));
    }
  }
  return invocation.function.call(invocation);
}

void refuse_type(const Invocation& invocation, const std::string& problem) {
  throw EvaluationError(ErrorKind::InvalidType, invocation.position,
                        std::string(invocation.function.name) + "() " + problem);
}

Value Invocation::apply(std::size_t i, const Value& current) const {
  return evaluate(*arguments[i].expression, current);
}

}  // namespace batchai::jmespath
