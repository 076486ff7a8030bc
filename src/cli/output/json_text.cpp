#include "cli/output/printer.hpp"

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

using nlohmann::json;

constexpr std::string_view kReset = "\x1b[0m";

std::string_view colour_of(const json& value) {
  if (value.is_string()) {
    return "\x1b[32m";
  }
  return value.is_null() ? "\x1b[90m" : "\x1b[33m";
}

void write(std::string& out, const json& value, std::size_t depth);

template <class Items, class WriteItem>
void write_block(std::string& out, const Items& items, char open, char close, std::size_t depth, WriteItem write_item) {
  out += open;
  bool first = true;
  for (const auto& item : items) {
    out += first ? "\n" : ",\n";
    first = false;
    out.append(2 * depth + 2, ' ');
    write_item(item);
  }
  if (!first) {
    out += '\n';
    out.append(2 * depth, ' ');
  }
  out += close;
}

void write(std::string& out, const json& value, std::size_t depth) {
  if (value.is_object()) {
    write_block(out, value.items(), '{', '}', depth, [&](const auto& member) {
      out += "\x1b[34m" + json(member.key()).dump() + std::string(kReset) + ": ";
      write(out, member.value(), depth + 1);
    });
  } else if (value.is_array()) {
    write_block(out, value, '[', ']', depth, [&](const json& item) { write(out, item, depth + 1); });
  } else {
    out += colour_of(value);
    out += value.dump(-1, ' ', false, json::error_handler_t::replace);
    out += kReset;
  }
}

}  // namespace

std::string to_json_text(const json& value, bool colour) {
  if (!colour) {
    return value.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
  }
  std::string text;
  write(text, value, 0);
  return text + "\n";
}

}  // namespace batchai::cli
