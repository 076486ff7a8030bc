#pragma once

#include "batchai/models/model.hpp"
#include "cli/app/context.hpp"

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace batchai::cli {

/// What messages call the config file: `-` is standard input.
std::string config_file_name(const std::string& path);

/// The JSON of a config file without the members that `type` does not have; warns of those. Throws UsageError with
/// file, line and column for broken JSON.
nlohmann::json read_config_json(const std::string& path, std::string_view type, const Context& context);

/// The document with everything in `stand_ins` that it lacks, and with credentials and account for its volumes: what
/// options and settings can give need not be in the file.
nlohmann::json completed_config(nlohmann::json document, const nlohmann::json& stand_ins);

/// Reads a config file as a model. Throws UsageError naming file and member for a value of the wrong type and for a
/// required one that is neither there nor in `stand_ins`.
template <Model T>
T read_config_file(const std::string& path, std::string_view type, const nlohmann::json& stand_ins,
                   const Context& context) {
  const nlohmann::json document = read_config_json(path, type, context);
  T value;
  try {
    from_json(document, value);
    static_cast<void>(from_request<T>(completed_config(document, stand_ins)));
  } catch (const ProtocolError& error) {
    throw UsageError(config_file_name(path) + ": " + error.what());
  }
  return value;
}

}  // namespace batchai::cli
