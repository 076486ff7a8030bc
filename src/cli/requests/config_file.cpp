#include "cli/requests/config_file.hpp"

#include "cli/output/shape.hpp"
#include "core/private_file.hpp"

namespace batchai::cli {
namespace {

/// `line 3, column 14` of a byte offset, both counted from 1.
std::string place_of(const std::string& text, std::size_t offset) {
  const std::string before = text.substr(0, offset == 0 ? 0 : offset - 1);
  const std::size_t line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t line_begin = before.rfind('\n') == std::string::npos ? 0 : before.rfind('\n') + 1;
  return std::to_string(line) + ":" + std::to_string(before.size() - line_begin + 1);
}

/// The content; nothing if there is no such file.
std::optional<std::string> text_of(const std::string& path) {
  try {
    return read_file(path);
  } catch (const std::exception& error) {  // a folder, or one of somebody else
    throw UsageError(std::string("config file: ") + error.what());
  }
}

/// What is wrong, without the text around it, which may hold secrets.
std::string reason_of(const nlohmann::json::parse_error& error) {
  std::string reason = error.what();
  if (const std::size_t colon = reason.rfind("; expected "); colon != std::string::npos) {
    return reason.substr(colon + 2);
  }
  return reason.find("unexpected end of input") != std::string::npos ? "the text ends too early" : "not a JSON value";
}

}  // namespace

nlohmann::json read_config_json(const std::string& path, std::string_view type) {
  const std::optional<std::string> text = text_of(path);
  if (!text) {
    throw UsageError("there is no config file '" + path + "'");
  }
  try {
    const nlohmann::json document = nlohmann::json::parse(*text);
    if (!document.is_object()) {
      throw UsageError(path + ": expected a JSON object");
    }
    return drop_unknown_members(document, type);
  } catch (const nlohmann::json::parse_error& error) {
    throw UsageError(path + ":" + place_of(*text, error.byte) + ": broken JSON: " + reason_of(error));
  }
}

}  // namespace batchai::cli
