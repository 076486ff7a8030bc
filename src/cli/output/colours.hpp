#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace batchai::cli {

// The colours of jsonc and yamlc.

inline std::string painted(std::string_view colour, const std::string& text) {
  return std::string(colour) + text + "\x1b[0m";
}

inline std::string painted_name(const std::string& text) { return painted("\x1b[34m", text); }

/// `text` is how the scalar `value` is written.
inline std::string painted_scalar(const nlohmann::ordered_json& value, const std::string& text) {
  if (value.is_string()) {
    return painted("\x1b[32m", text);
  }
  return painted(value.is_null() ? "\x1b[90m" : "\x1b[33m", text);
}

}  // namespace batchai::cli
