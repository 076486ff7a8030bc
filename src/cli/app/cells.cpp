#include "cli/app/cells.hpp"

#include "batchai/core/error.hpp"
#include "batchai/models/resource_id.hpp"

#include <nlohmann/json.hpp>

namespace batchai::cli {

std::string cell_at(const nlohmann::json& item, const char* pointer) {
  const nlohmann::json::json_pointer path(pointer);
  if (!item.contains(path)) {
    return "";
  }
  const nlohmann::json& value = item.at(path);
  if (value.is_null() || value.is_structured()) {
    return "";
  }
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string interval_at(const nlohmann::json& item, const char* begin, const char* end) {
  const std::string from = cell_at(item, begin);
  return from.empty() ? "" : from + "/" + cell_at(item, end);
}

std::string awaited_at(const nlohmann::json& item, const std::string& pointer) {
  constexpr std::string_view kBegin = "The job waits for ";
  const std::string text = cell_at(item, (pointer + "/message").c_str());
  return text.starts_with(kBegin) ? text.substr(kBegin.size()) : cell_at(item, (pointer + "/code").c_str());
}

std::string cell_from_id(const nlohmann::json& item, const char* pointer, const char* type) {
  try {
    const ResourceIdParts parts = parse_resource_id(cell_at(item, pointer));
    return std::string(type) == "resourceGroups" ? parts.group : parts.find(type);
  } catch (const InvalidArgument&) {
    return "";
  }
}

}  // namespace batchai::cli
