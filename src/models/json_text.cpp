#include "batchai/core/error.hpp"
#include "batchai/models/model.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace batchai::inline v1 {
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
constexpr std::size_t kDeepest = 100;
/// A value takes far more memory than the two characters that make one.
constexpr std::size_t kMostValues = 250'000;

/// Makes the document while it is read, within bounds. (Not the callback of json::parse: that looks at all elements of
/// a list again after each object in it.)
class Builder final : public nlohmann::json_sax<nlohmann::json> {
  using json = nlohmann::json;

 public:
  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }  // not in JSON text
  bool key(string_t& name) override {
    member_ = &open_.back()->get_ref<json::object_t&>()[std::move(name)];
    return true;
  }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t bytes_read, const std::string&, const json::exception& error) override {
    constexpr int kNumberTooLarge = 406;
    number_too_large_ = error.id == kNumberTooLarge;
    broken_at_ = bytes_read;
    return false;
  }

  /// What is wrong with the text; empty if nothing is.
  std::string fault(std::string_view text) const {
    if (open_.size() > kDeepest) {
      return "the JSON is nested more than " + std::to_string(kDeepest) + " levels deep";
    }
    if (values_ > kMostValues) {
      return "the JSON has more than " + std::to_string(kMostValues) + " values";
    }
    if (number_too_large_) {
      return "not valid JSON: a number is too large";
    }
    return broken_at_ ? broken(text, *broken_at_) : "";
  }
  json take() { return std::move(root_); }

 private:
  /// Returns where the value is now.
  json& place(json value) {
    if (open_.empty()) {
      return root_ = std::move(value);
    }
    if (open_.back()->is_array()) {
      return open_.back()->get_ref<json::array_t&>().emplace_back(std::move(value));
    }
    return *member_ = std::move(value);
  }
  bool add(json value) {
    place(std::move(value));
    return ++values_ <= kMostValues;
  }
  bool open(json structure) {
    open_.push_back(&place(std::move(structure)));
    return open_.size() <= kDeepest && ++values_ <= kMostValues;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  json root_;
  /// The structures around what comes next.
  std::vector<json*> open_;
  /// Of the innermost object, the one that comes next.
  json* member_ = nullptr;
  std::size_t values_ = 0;
  std::optional<std::size_t> broken_at_;
  bool number_too_large_ = false;
};

}  // namespace

nlohmann::json parse_json_text(std::string_view text, std::string_view what) {
  const std::string lead = what.empty() ? std::string() : std::string(what) + ": ";
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    throw ProtocolError(lead + "expected JSON, found no text at all");
  }
  Builder builder;
  nlohmann::json::sax_parse(text, &builder);
  if (const std::string fault = builder.fault(text); !fault.empty()) {
    throw ProtocolError(lead + fault);
  }
  return builder.take();
}

}  // namespace batchai::inline v1
