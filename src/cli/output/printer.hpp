#pragma once

#include "cli/frame/command.hpp"
#include "cli/frame/streams.hpp"
#include "cli/output/items.hpp"
#include "cli/output/print_options.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace batchai::cli {

/// json, jsonc, yaml, yamlc, table, wide, tsv, none.
const std::vector<std::string_view>& output_formats();

/// Whether the result has colours, so that it has to bypass the filter for terminals; what it shows is printable()
/// then.
bool is_painted(const PrintOptions& options);

/// Prints a result in one of the formats. Members come sorted in JSON and YAML, and in their own order in tables and
/// tsv, as az prints the result of a query. Throws OutputError.
void print_result(std::ostream& out, const nlohmann::ordered_json& value, const PrintOptions& options);

/// One by one: what print_result is made of.
std::string to_yaml(const nlohmann::ordered_json& value, bool colour = false);
std::string to_table(const nlohmann::ordered_json& value, const PrintOptions& options);
/// A null alone gives no line.
std::string to_tsv(const nlohmann::ordered_json& value);
std::string to_json_text(const nlohmann::ordered_json& value, bool colour);

/// Prints a list in parts, as they come: in the end there are the same bytes as print_result prints for the whole. Only
/// a table waits for its end, as its columns are as wide as their widest cells; its cells are kept.
class ListPrinter {
 public:
  /// `out` has to outlive it. With columns all items are objects.
  ListPrinter(std::ostream& out, const PrintOptions& options);
  /// Prints the items of a list. Throws OutputError.
  void add(const nlohmann::ordered_json& items);
  void finish();
  /// Whether there were no items so far.
  bool empty() const { return !any_; }
  /// In place of finish(), when the rest does not come: ends the line, and leaves a list in JSON open, so that nobody
  /// takes it for whole.
  void break_off();

 private:
  std::string text_of(const nlohmann::ordered_json& item) const;
  bool is_json() const;

  std::ostream& out_;
  PrintOptions options_;
  Table table_;
  bool any_ = false;
};

}  // namespace batchai::cli
