#pragma once

#include "cli/output/print_options.hpp"

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

// Items of a list as the formats print them, one by one.

namespace batchai::cli {

/// Appends JSON that begins where the line has got to; lines below it are indented `depth` levels and more.
void append_json(std::string& text, const nlohmann::ordered_json& value, std::size_t depth, bool colour);

/// Appends an item of the outermost list.
void append_yaml_item(std::string& text, const nlohmann::ordered_json& item, bool colour);

/// With its line end.
std::string tsv_row(const nlohmann::ordered_json& item);

/// A table, of which only the cells are kept.
class Table {
 public:
  /// With columns all items are objects. Without any, it shows what the items hold.
  explicit Table(PrintOptions options) : options_(std::move(options)) {}
  void add(const nlohmann::ordered_json& item);
  /// Empty where there is nothing to show.
  std::string text() const;

 private:
  using Row = std::vector<std::string>;

  void add_described(const nlohmann::ordered_json& item);
  void add_generic(const nlohmann::ordered_json& item);
  std::size_t place_of(const std::string& heading);
  bool is_shown(std::size_t column) const;
  std::string shown_cell(const Column& column, const nlohmann::json& item) const;

  PrintOptions options_;
  /// Of a generic table, in the order in which the items first have them.
  Row headings_;
  /// Whether some item has something to show below the heading; for described tables likewise.
  std::vector<bool> shown_;
  /// As long as the headings were when they came.
  std::vector<Row> rows_;
};

}  // namespace batchai::cli
