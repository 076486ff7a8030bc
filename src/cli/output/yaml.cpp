#include "batchai/core/http.hpp"
#include "cli/output/colours.hpp"
#include "cli/output/items.hpp"
#include "cli/output/name_order.hpp"
#include "cli/output/printer.hpp"
#include "core/printable.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Whether YAML would read the plain text as something other than a string, or not at all.
bool needs_quotes(const std::string& text) {
  constexpr std::array<std::string_view, 10> kWords{"null", "~", "true", "false", "yes", "no", "on", "off", "y", "n"};
  const std::string lower = to_lower(text);
  if (text.empty() || std::find(kWords.begin(), kWords.end(), lower) != kWords.end()) {
    return true;
  }
  const bool one_line = text.find_first_of("\n\t") == std::string::npos;
  if (!one_line || !is_printable(text) || text.front() == ' ' || text.back() == ' ') {
    return true;
  }
  // Numbers, dates and times all begin with a digit, a sign or a dot; indicators come first of all.
  return std::string_view("-?:,[]{}#&*!|>'\"%@`+.0123456789=<").find(text.front()) != std::string_view::npos ||
         text.find(": ") != std::string::npos || text.find(" #") != std::string::npos || text.back() == ':';
}

std::string scalar(const Json& value) {
  if (!value.is_string()) {
    return value.dump();
  }
  const auto& text = value.get_ref<const std::string&>();
  return needs_quotes(text) ? printable(value.dump(-1, ' ', false, Json::error_handler_t::replace)) : text;
}

bool is_block(const Json& value) { return value.is_structured() && !value.empty(); }

class Writer {
 public:
  Writer(std::string& out, bool colour) : out_(out), colour_(colour) {}

  /// `after_dash`: the line has begun already.
  void write(const Json& value, std::size_t depth, bool after_dash) {
    bool indented = after_dash;
    const auto indent = [&] {
      out_.append(indented ? 0 : 2 * depth, ' ');
      indented = false;
    };
    if (!is_block(value)) {
      write_scalar(value);
    } else if (value.is_object()) {
      visit_by_name(value, [&](const std::string& name, const Json& member) {
        indent();
        write_member(name, member, depth);
      });
    } else {
      for (const Json& item : value) {
        indent();
        write_item(item, depth);
      }
    }
  }

  void write_item(const Json& item, std::size_t depth) {
    out_ += "- ";
    write(item, depth + 1, true);
  }

 private:
  void write_member(const std::string& key, const Json& value, std::size_t depth) {
    const std::string name = scalar(Json(key));
    out_ += (colour_ ? painted_name(name) : name) + ":";
    if (!is_block(value)) {
      out_ += " ";
      write_scalar(value);
      return;
    }
    out_ += "\n";
    write(value, value.is_array() ? depth : depth + 1, false);
  }

  void write_scalar(const Json& value) {
    const std::string text = scalar(value);
    out_ += (colour_ && !value.is_structured() ? painted_scalar(value, text) : text) + "\n";
  }

  std::string& out_;
  bool colour_;
};

}  // namespace

std::string to_yaml(const Json& value, bool colour) {
  std::string text;
  Writer(text, colour).write(value, 0, false);
  return text;
}

void append_yaml_item(std::string& text, const Json& item, bool colour) { Writer(text, colour).write_item(item, 0); }

}  // namespace batchai::cli
