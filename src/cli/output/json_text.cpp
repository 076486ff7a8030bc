#include "cli/output/colours.hpp"
#include "cli/output/items.hpp"
#include "cli/output/name_order.hpp"
#include "cli/output/printer.hpp"
#include "core/printable.hpp"

#include <algorithm>

namespace batchai::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string quoted(const std::string& text) {
  const auto stays = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
  if (std::all_of(text.begin(), text.end(), stays)) {
    return '"' + text + '"';
  }
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string written(const Json& scalar) {
  return scalar.is_string() ? quoted(scalar.get_ref<const std::string&>()) : scalar.dump();
}

/// Writes one document.
class JsonWriter {
 public:
  JsonWriter(std::string& text, bool colour) : text_(text), colour_(colour) {}

  void write(const Json& value, std::size_t depth) {
    if (value.is_object()) {
      Block block(text_, '{', '}', depth);
      visit_by_name(value, [&](const std::string& name, const Json& member) {
        block.begin_entry();
        write_name(name);
        write(member, depth + 1);
      });
      block.end();
    } else if (value.is_array()) {
      Block block(text_, '[', ']', depth);
      for (const Json& item : value) {
        block.begin_entry();
        write(item, depth + 1);
      }
      block.end();
    } else {
      write_scalar(value);
    }
  }

 private:
  /// What stands between brackets, each entry on lines of its own.
  class Block {
   public:
    Block(std::string& text, char open, char close, std::size_t depth) : text_(text), close_(close), depth_(depth) {
      text_ += open;
    }
    void end() {
      if (!empty_) {
        text_ += '\n';
        text_.append(2 * depth_, ' ');
      }
      text_ += close_;
    }
    void begin_entry() {
      text_ += empty_ ? "\n" : ",\n";
      text_.append(2 * depth_ + 2, ' ');
      empty_ = false;
    }

   private:
    std::string& text_;
    char close_;
    std::size_t depth_;
    bool empty_ = true;
  };

  // Colours bypass the filter that makes text printable.
  void write_name(const std::string& name) {
    text_ += colour_ ? painted_name(printable(quoted(name))) : quoted(name);
    text_ += ": ";
  }
  void write_scalar(const Json& value) {
    text_ += colour_ ? painted_scalar(value, printable(written(value))) : written(value);
  }

  std::string& text_;
  bool colour_;
};

}  // namespace

void append_json(std::string& text, const Json& value, std::size_t depth, bool colour) {
  JsonWriter(text, colour).write(value, depth);
}

std::string to_json_text(const Json& value, bool colour) {
  std::string text;
  append_json(text, value, 0, colour);
  return text + "\n";
}

}  // namespace batchai::cli
