#pragma once

#include "batchai/models/model.hpp"
#include "cli/frame/errors.hpp"

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace batchai::cli {

/// The JSON of a config file without the members that `type` does not have. Throws UsageError with file, line and
/// column for broken JSON.
nlohmann::json read_config_json(const std::string& path, std::string_view type);

/// Reads a config file as a model. Throws UsageError naming file and member for a value of the wrong type.
template <Model T>
T read_config_file(const std::string& path, std::string_view type) {
  const nlohmann::json document = read_config_json(path, type);
  T value;
  try {
    from_json(document, value);
  } catch (const ProtocolError& error) {
    throw UsageError(path + ": " + error.what());
  }
  return value;
}

}  // namespace batchai::cli
