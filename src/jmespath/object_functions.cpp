#include "jmespath/functions.hpp"

namespace batchai::jmespath::functions {

Value keys(const Invocation& invocation) {
  Json names = Json::array();
  for (const auto& member : invocation.at(0).items()) {
    names.push_back(member.key());
  }
  return make_value(std::move(names));
}

Value merge(const Invocation& invocation) {
  Json merged = Json::object();
  for (const Argument& argument : invocation.arguments) {
    merged.update(*argument.value);
  }
  return make_value(std::move(merged));
}

Value values(const Invocation& invocation) {
  Json items = Json::array();
  for (const Json& member : invocation.at(0)) {
    items.push_back(member);
  }
  return make_value(std::move(items));
}

}  // namespace batchai::jmespath::functions
