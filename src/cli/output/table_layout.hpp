#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::cli {

/// The cells of a table as they are printed: on one line each, and harmless for a terminal.
struct Grid {
  struct Heading {
    std::string text;
    /// Whether the cells are states: coloured, and never cut within the first word.
    bool state = false;
    /// Whether the cells are numbers with a unit, which are aligned as numbers are.
    bool quantity = false;
    /// Whether the cells are short, and mean nothing without their end.
    bool whole = false;
  };

  std::vector<Heading> headings;
  /// Each as long as `headings`.
  std::vector<std::vector<std::string>> rows;
};

/// The grid as text. Where it is wider than `width`, headings are cut first. Then columns of text that have the same in
/// all of several rows go to a line above the table. Then columns are cut in which cells repeat, then the others;
/// columns in which cells repeat are left out, and named above, before the first column, which has the names, is cut.
/// Numbers are never cut. `colour`: states have colours.
std::string grid_text(const Grid& grid, std::optional<std::size_t> width, bool colour);

}  // namespace batchai::cli
