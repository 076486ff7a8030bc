#include "cli/output/table_layout.hpp"

#include "cli/output/colours.hpp"
#include "cli/output/human_text.hpp"
#include "cli/output/text_width.hpp"

#include <algorithm>
#include <unordered_set>

namespace batchai::cli {
namespace {

using Cells = std::vector<std::string>;

bool is_numeric(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789.-+") == std::string::npos &&
         text.find_first_of("0123456789") != std::string::npos && std::count(text.begin(), text.end(), '.') < 2 &&
         text.find('-', 1) == std::string::npos;
}

std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }

/// Which columns are cut first where a table is too wide.
enum class Rank { Repeating, Differing, Name };

/// How a column is laid out.
struct Layout {
  std::size_t width = 0;
  /// What its cells need; the heading may need more.
  std::size_t content = 0;
  /// What has to be left of it where the table is too wide.
  std::size_t narrowest = 0;
  /// All its cells are numbers: they are aligned right.
  bool numeric = false;
  bool state = false;
  Rank rank = Rank::Differing;
};

/// Whether a cell stands in the column more than once.
bool repeats(const Grid& grid, std::size_t column) {
  std::unordered_set<std::string_view> seen;
  return std::any_of(grid.rows.begin(), grid.rows.end(),
                     [&](const Cells& row) { return !row[column].empty() && !seen.insert(row[column]).second; });
}

Rank rank_of(const Grid& grid, std::size_t column) {
  if (column == 0) {
    return Rank::Name;
  }
  return repeats(grid, column) ? Rank::Repeating : Rank::Differing;
}

Layout lay_out(const Grid& grid, std::size_t column) {
  constexpr std::size_t kNarrowestText = 4;
  const Grid::Heading& heading = grid.headings[column];
  std::size_t widest = 0;
  std::size_t word = kNarrowestText;
  bool numeric = false;
  bool other = false;
  for (const Cells& row : grid.rows) {
    const std::string& cell = row[column];
    widest = std::max(widest, width_of(cell));
    word = std::max(word, width_of(first_word(cell)));
    numeric = numeric || is_numeric(cell);
    other = other || (!is_numeric(cell) && cell.find_first_not_of(' ') != std::string::npos);
  }
  numeric = heading.quantity || (numeric && !other);
  const std::size_t content = std::max(widest, kNarrowestText);
  // A number without its end would be another number.
  const std::size_t narrowest = numeric || heading.whole ? content : heading.state ? word : kNarrowestText;
  return {.width = std::max(widest, width_of(heading.text)),
          .content = content,
          .narrowest = narrowest,
          .numeric = numeric,
          .state = heading.state,
          .rank = rank_of(grid, column)};
}

std::size_t total_of(const std::vector<Layout>& layouts) {
  std::size_t total = 2 * (layouts.size() - 1);
  for (const Layout& layout : layouts) {
    total += layout.width;
  }
  return total;
}

/// Shrinks the widest of the columns that `counts` and that are wider than `least` until the table fits, or nothing can
/// be shrunk any more.
template <class Counts>
void shrink(std::vector<Layout>& layouts, std::size_t width, std::size_t Layout::*least, const Counts& counts) {
  const auto spare = [&](const Layout& layout) {
    return counts(layout) && layout.width > layout.*least ? layout.width : 0;
  };
  for (std::size_t total = total_of(layouts); total > width; --total) {
    const auto widest = std::max_element(layouts.begin(), layouts.end(),
                                         [&](const Layout& a, const Layout& b) { return spare(a) < spare(b); });
    if (spare(*widest) == 0) {
      return;
    }
    --widest->width;
  }
}

void fit(std::vector<Layout>& layouts, std::size_t width) {
  shrink(layouts, width, &Layout::content, [](const Layout&) { return true; });
  for (const Rank rank : {Rank::Repeating, Rank::Differing, Rank::Name}) {
    shrink(layouts, width, &Layout::narrowest, [rank](const Layout& layout) { return layout.rank == rank; });
  }
}

std::string padded(const std::string& cell, const Layout& layout, bool colour) {
  const std::string text = shortened(cell, layout.width);
  const std::string blanks(layout.width - width_of(text), ' ');
  const std::string_view paint = colour && layout.state ? colour_of_state(first_word(cell)) : std::string_view();
  const std::string shown = paint.empty() ? text : painted(paint, text);
  return layout.numeric ? blanks + shown : shown + blanks;
}

std::string line_of(const Cells& cells, const std::vector<Layout>& layouts, bool colour) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += (i == 0 ? "" : "  ") + padded(cells[i], layouts[i], colour);
  }
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

}  // namespace

std::string grid_text(const Grid& grid, std::optional<std::size_t> width, bool colour) {
  std::vector<Layout> layouts;
  Cells headings;
  for (std::size_t column = 0; column < grid.headings.size(); ++column) {
    layouts.push_back(lay_out(grid, column));
    headings.push_back(grid.headings[column].text);
  }
  if (layouts.empty()) {
    return "";
  }
  if (width) {
    fit(layouts, *width);
  }
  Cells dashes;
  for (const Layout& layout : layouts) {
    dashes.emplace_back(layout.width, '-');
  }
  std::string text = line_of(headings, layouts, false) + line_of(dashes, layouts, false);
  for (const Cells& row : grid.rows) {
    text += line_of(row, layouts, colour);
  }
  return text;
}

}  // namespace batchai::cli
