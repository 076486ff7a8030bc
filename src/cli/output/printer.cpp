#include "cli/output/printer.hpp"

#include "cli/output/items.hpp"

#include <ostream>

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Lists show as their length and objects not at all, so that the number of columns stays the same.
std::string tsv_cell(const Json& value) {
  if (value.is_null()) {
    return "None";
  }
  if (value.is_boolean()) {
    return value.get<bool>() ? "True" : "False";
  }
  if (value.is_array()) {
    return std::to_string(value.size());
  }
  if (value.is_object()) {
    return "";
  }
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

std::string tsv_row(const Json& item) {
  if (item.is_boolean()) {
    return item.get<bool>() ? "true\n" : "false\n";
  }
  if (!item.is_structured()) {
    return tsv_cell(item) + "\n";
  }
  std::string row;
  bool first = true;
  for (const Json& value : item) {
    row += (first ? "" : "\t") + tsv_cell(value);
    first = false;
  }
  return row + "\n";
}

const std::vector<std::string_view>& output_formats() {
  static const std::vector<std::string_view> kFormats{"json", "jsonc", "yaml", "yamlc", "table", "wide", "tsv", "none"};
  return kFormats;
}

std::string to_tsv(const Json& value) {
  if (value.is_null()) {
    return "";
  }
  if (!value.is_array()) {
    return tsv_row(value);
  }
  std::string text;
  for (const Json& item : value) {
    text += tsv_row(item);
  }
  return text;
}

bool is_painted(const PrintOptions& options) {
  return options.colour && (options.format == "jsonc" || options.format == "yamlc" || options.is_table());
}

void print_result(std::ostream& out, const Json& value, const PrintOptions& options) {
  const std::string& format = options.format;
  if (options.is_table()) {
    out << to_table(value, options);
  } else if (format == "tsv") {
    out << to_tsv(value);
  } else if (format == "yaml" || format == "yamlc") {
    out << to_yaml(value, is_painted(options));
  } else if (format != "none") {
    out << to_json_text(value, is_painted(options));
  }
  out.flush();
}

ListPrinter::ListPrinter(std::ostream& out, const PrintOptions& options)
    : out_(out), options_(options), table_(options) {}

std::string ListPrinter::text_of(const Json& item) const {
  const bool colour = is_painted(options_);
  std::string text;
  if (options_.format == "tsv") {
    return tsv_row(item);
  }
  if (options_.format == "yaml" || options_.format == "yamlc") {
    append_yaml_item(text, item, colour);
    return text;
  }
  text = any_ ? ",\n  " : "[\n  ";
  append_json(text, item, 1, colour);
  return text;
}

void ListPrinter::add(const Json& items) {
  for (const Json& item : items) {
    if (options_.is_table()) {
      table_.add(item);
    } else if (options_.format != "none") {
      out_ << text_of(item);
    }
    any_ = true;
  }
}

void ListPrinter::finish() {
  if (options_.is_table()) {
    out_ << table_.text();
  } else if (!any_) {
    print_result(out_, Json::array(), options_);
  } else if (is_json()) {
    out_ << "\n]\n";
  }
  out_.flush();
}

void ListPrinter::break_off() {
  if (any_ && is_json() && out_.good()) {
    out_ << "\n";
  }
}

bool ListPrinter::is_json() const { return options_.format == "json" || options_.format == "jsonc"; }

}  // namespace batchai::cli
