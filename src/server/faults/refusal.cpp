#include "server/faults/refusal.hpp"

namespace batchai::server {

namespace {

std::string pascal_case(std::string_view words) {
  std::string result;
  bool upper = true;
  for (const char c : words) {
    if (c == ' ') {
      upper = true;
      continue;
    }
    result += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return result;
}

}  // namespace

ServiceFault invalid_content(const std::string& target, const std::string& message) {
  return {400, "InvalidRequestContent", message, target};
}

ServiceFault bad_parameter(const std::string& name, const std::string& message) {
  return {400, "BadRequest", message, name};
}

ServiceFault not_found(std::string_view what, const std::string& name) {
  return {404, pascal_case(what) + "NotFound", "The specified " + std::string(what) + " " + name + " is not found"};
}

ServiceFault parent_not_found(std::string_view what, const std::string& name) {
  return {404, "ParentResourceNotFound",
          "The " + std::string(what) + " " + name + " is not there: create it before what lies in it"};
}

ServiceFault group_not_found(const std::string& name) {
  return {404, "ResourceGroupNotFound", "Resource group '" + name + "' could not be found."};
}

ServiceFault conflict(const std::string& message) { return {409, "Conflict", message}; }

}  // namespace batchai::server
