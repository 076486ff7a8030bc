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

/// The library's own message is not used: it quotes the text, which may be a secret.
std::string broken(std::string_view text, std::size_t bytes_read) {
  const std::size_t offset = std::min(bytes_read == 0 ? 0 : bytes_read - 1, text.size());
  return "not valid JSON at " + position(text, offset) +
         (offset == text.size() ? " (the text ends too early)" : std::string());
}

/// Copying and writing go down one call per level, so that the depth has to be bounded.
constexpr int kDeepest = 100;
/// A value takes far more memory than the two characters that make one.
constexpr std::size_t kMostValues = 250'000;

/// Reads without making anything. (Not the callback of json::parse: that looks at all elements of a list again after
/// each object in it.)
class Bounds final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return take_value(); }
  bool boolean(bool) override { return take_value(); }
  bool number_integer(number_integer_t) override { return take_value(); }
  bool number_unsigned(number_unsigned_t) override { return take_value(); }
  bool number_float(number_float_t, const string_t&) override { return take_value(); }
  bool string(string_t&) override { return take_value(); }
  bool binary(binary_t&) override { return take_value(); }
  bool key(string_t&) override { return true; }
  bool start_object(std::size_t) override { return descend(); }
  bool end_object() override { return ascend(); }
  bool start_array(std::size_t) override { return descend(); }
  bool end_array() override { return ascend(); }
  /// Called by json::parse.
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override { return false; }

  /// What is wrong; empty if nothing is.
  std::string fault() const {
    if (depth_ > kDeepest) {
      return "the JSON is nested more than " + std::to_string(kDeepest) + " levels deep";
    }
    return values_ > kMostValues ? "the JSON has more than " + std::to_string(kMostValues) + " values" : "";
  }

 private:
  bool take_value() { return ++values_ <= kMostValues; }
  bool descend() { return ++depth_ <= kDeepest && take_value(); }
  bool ascend() {
    --depth_;
    return true;
  }

  int depth_ = 0;
  std::size_t values_ = 0;
};

}  // namespace

nlohmann::json parse_json_text(std::string_view text, std::string_view what) {
  const std::string lead = what.empty() ? std::string() : std::string(what) + ": ";
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    throw ProtocolError(lead + "expected JSON, found no text at all");
  }
  Bounds bounds;
  nlohmann::json::sax_parse(text, &bounds);
  if (const std::string fault = bounds.fault(); !fault.empty()) {
    throw ProtocolError(lead + fault);
  }
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    throw ProtocolError(lead + broken(text, error.byte));
  } catch (const nlohmann::json::exception&) {
    throw ProtocolError(lead + "not valid JSON: a number is too large");
  }
}

}  // namespace batchai
