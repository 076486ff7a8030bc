#include "batchai/core/http.hpp"
#include "cli/output/printer.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

using nlohmann::json;

/// Whether YAML would read the plain text as something other than a string, or not at all.
bool needs_quotes(const std::string& text) {
  constexpr std::array<std::string_view, 10> kWords{"null", "~", "true", "false", "yes", "no", "on", "off", "y", "n"};
  const std::string lower = to_lower(text);
  if (text.empty() || std::find(kWords.begin(), kWords.end(), lower) != kWords.end()) {
    return true;
  }
  const auto odd = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (std::any_of(text.begin(), text.end(), odd) || text.front() == ' ' || text.back() == ' ') {
    return true;
  }
  // Numbers, dates and times all begin with a digit, a sign or a dot; indicators come first of all.
  return std::string_view("-?:,[]{}#&*!|>'\"%@`+.0123456789=<").find(text.front()) != std::string_view::npos ||
         text.find(": ") != std::string::npos || text.find(" #") != std::string::npos || text.back() == ':';
}

std::string scalar(const json& value) {
  if (!value.is_string()) {
    return value.dump();
  }
  const auto& text = value.get_ref<const std::string&>();
  return needs_quotes(text) ? value.dump(-1, ' ', false, json::error_handler_t::replace) : text;
}

bool is_block(const json& value) { return value.is_structured() && !value.empty(); }

void write(std::string& out, const json& value, std::size_t depth, bool after_dash);

void write_member(std::string& out, const std::string& key, const json& value, std::size_t depth) {
  out += scalar(json(key)) + ":";
  if (!is_block(value)) {
    out += " " + scalar(value) + "\n";
    return;
  }
  out += "\n";
  write(out, value, value.is_array() ? depth : depth + 1, false);
}

void write(std::string& out, const json& value, std::size_t depth, bool after_dash) {
  bool indented = after_dash;
  const auto indent = [&] {
    out.append(indented ? 0 : 2 * depth, ' ');
    indented = false;
  };
  if (!is_block(value)) {
    out += scalar(value) + "\n";
  } else if (value.is_object()) {
    for (const auto& [key, member] : value.items()) {
      indent();
      write_member(out, key, member, depth);
    }
  } else {
    for (const json& item : value) {
      indent();
      out += "- ";
      write(out, item, depth + 1, true);
    }
  }
}

}  // namespace

std::string to_yaml(const json& value) {
  std::string text;
  write(text, value, 0, false);
  return text;
}

}  // namespace batchai::cli
