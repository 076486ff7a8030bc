#include "batchai/core/error.hpp"
#include "batchai/models/model.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace batchai {
namespace {

std::string position(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(before.size() - start + 1);
}

/// The library's own message is not used: it quotes what stood there, which may be a secret.
std::string broken(std::string_view text, std::size_t bytes_read) {
  const std::size_t offset = std::min(bytes_read == 0 ? 0 : bytes_read - 1, text.size());
  return "not valid JSON at " + position(text, offset) +
         (offset == text.size() ? " (the text ends too early)" : std::string());
}

/// Copying and writing go down one call per level, so that the depth has to be bounded.
constexpr int kDeepest = 100;

}  // namespace

nlohmann::json parse_json_text(std::string_view text, std::string_view what) {
  const std::string lead = what.empty() ? std::string() : std::string(what) + ": ";
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    throw ProtocolError(lead + "expected JSON, found no text at all");
  }
  try {
    return nlohmann::json::parse(text, [&lead](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
      if (depth > kDeepest) {
        throw ProtocolError(lead + "the JSON is nested more than " + std::to_string(kDeepest) + " levels deep");
      }
      return true;
    });
  } catch (const nlohmann::json::parse_error& error) {
    throw ProtocolError(lead + broken(text, error.byte));
  } catch (const nlohmann::json::exception&) {
    throw ProtocolError(lead + "not valid JSON: a number is too large");
  }
}

}  // namespace batchai
