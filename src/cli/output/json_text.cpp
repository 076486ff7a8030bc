#include "cli/output/colours.hpp"
#include "cli/output/printer.hpp"
#include "core/printable.hpp"

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

using nlohmann::json;

/// Colours bypass the filter that makes text printable.
std::string to_text(const json& scalar) {
  return printable(scalar.dump(-1, ' ', false, json::error_handler_t::replace));
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
      out += painted_name(to_text(member.key())) + ": ";
      write(out, member.value(), depth + 1);
    });
  } else if (value.is_array()) {
    write_block(out, value, '[', ']', depth, [&](const json& item) { write(out, item, depth + 1); });
  } else {
    out += painted_scalar(value, to_text(value));
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
