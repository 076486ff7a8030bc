#include "jmespath/functions.hpp"

#include <algorithm>

namespace batchai::jmespath::functions {

Value not_null(const Invocation& invocation) {
  for (const Argument& argument : invocation.arguments) {
    if (!argument.value->is_null()) {
      return argument.value;
    }
  }
  return null_value();
}

Value to_array(const Invocation& invocation) {
  return invocation.at(0).is_array() ? invocation.value(0) : make_value(Json::array({invocation.at(0)}));
}

Value to_number(const Invocation& invocation) {
  const Json& value = invocation.at(0);
  if (value.is_number()) {
    return invocation.value(0);
  }
  if (!value.is_string()) {
    return null_value();
  }
  const auto& text = value.get_ref<const std::string&>();
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  Json number = Json::parse(text, nullptr, false);
  const bool is_number = number.is_number() && std::none_of(text.begin(), text.end(), is_blank);
  return is_number ? make_value(std::move(number)) : null_value();
}

Value to_string(const Invocation& invocation) {
  const Json& value = invocation.at(0);
  return value.is_string() ? invocation.value(0)
                           : make_value(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Value type(const Invocation& invocation) { return make_value(type_name(invocation.at(0))); }

}  // namespace batchai::jmespath::functions
