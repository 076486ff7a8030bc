#pragma once

#include "batchai/core/time.hpp"
#include "cli/frame/command.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace batchai::cli {

/// How a result is printed.
struct PrintOptions {
  std::string format = "json";
  /// Describe the table; without them it shows what the items hold.
  std::span<const Column> columns = {};
  /// For jsonc, yamlc and the states in tables.
  bool colour = false;
  /// The width of the terminal, which a table has to fit in; nothing: it is not for a terminal, is as wide as it is,
  /// and has times and sizes as programs read them.
  std::optional<std::size_t> width = {};
  /// Of each column, in its place: the value that it is left out for when all its cells have it; empty: none.
  std::vector<std::string> known = {};
  /// What ages and durations end with.
  Timestamp now = {};

  /// Whether `format` is one of the two that are tables: `wide` has all columns, and is not cut.
  bool is_table() const { return format == "table" || is_wide(); }
  bool is_wide() const { return format == "wide"; }
};

}  // namespace batchai::cli
