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
  /// Text that may stand elsewhere: neither a name, nor a number, a state or a time.
  bool movable = false;
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
          .movable = column > 0 && !numeric && !heading.whole && !heading.state,
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

/// Whether the table fits where each column has `least`.
bool fits(const std::vector<Layout>& layouts, std::size_t width, std::size_t Layout::*least) {
  std::size_t total = 2 * (layouts.size() - 1);
  for (std::size_t column = 0; column < layouts.size(); ++column) {
    const Layout& layout = layouts[column];
    total += std::min(layout.width, layout.*(column == 0 ? &Layout::content : least));
  }
  return total <= width;
}

/// The words, with commas between them, in lines that are not longer than `width`.
std::string lines_of(std::string line, const std::vector<std::string>& words, std::size_t width) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string word = words[i] + (i + 1 < words.size() ? "," : "");
    if (width_of(line) + 1 + width_of(word) > width) {
      text += shortened(line, width) + "\n";
      line = " ";
    }
    line += " " + word;
  }
  return text + shortened(line, width) + "\n";
}

/// A table without the columns that are told of above it.
struct Reduced {
  Grid grid;
  std::vector<Layout> layouts;

  void erase(std::size_t column) {
    const auto place = static_cast<std::ptrdiff_t>(column);
    layouts.erase(layouts.begin() + place);
    grid.headings.erase(grid.headings.begin() + place);
    for (Cells& row : grid.rows) {
      row.erase(row.begin() + place);
    }
  }

  bool is_same_in_all(std::size_t column) const {
    return !grid.rows.empty() && !grid.rows.front()[column].empty() &&
           std::all_of(grid.rows.begin(), grid.rows.end(),
                       [&](const Cells& row) { return row[column] == grid.rows.front()[column]; });
  }

  /// Takes out what all rows have; what that is.
  std::vector<std::string> take_same() {
    std::vector<std::string> taken;
    for (std::size_t column = 1; column < layouts.size();) {
      if (layouts[column].movable && is_same_in_all(column)) {
        taken.push_back(grid.headings[column].text + " " + grid.rows.front()[column]);
        erase(column);
      } else {
        ++column;
      }
    }
    return taken;
  }

  /// Takes out columns in which cells repeat, from the right, until there is room for the names; their headings.
  std::vector<std::string> take_repeating(std::size_t width) {
    std::vector<std::string> taken;
    for (std::size_t column = layouts.size(); column-- > 1;) {
      if (fits(layouts, width, &Layout::narrowest)) {
        break;
      }
      if (layouts[column].movable && layouts[column].rank == Rank::Repeating) {
        taken.insert(taken.begin(), grid.headings[column].text);
        erase(column);
      }
    }
    return taken;
  }

  /// Takes out what there is no room for, and tells of it. A single row is cut first, as it repeats nothing.
  std::string reduce(std::size_t width) {
    std::string above;
    if (fits(layouts, width, grid.rows.size() == 1 ? &Layout::narrowest : &Layout::content)) {
      return above;
    }
    if (const auto same = take_same(); !same.empty()) {
      above += lines_of("In all rows:", same, width);
    }
    if (const auto hidden = take_repeating(width); !hidden.empty()) {
      above += lines_of("Only with -o wide:", hidden, width);
    }
    return above;
  }
};

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
  Reduced table{.grid = grid};
  for (std::size_t column = 0; column < grid.headings.size(); ++column) {
    table.layouts.push_back(lay_out(grid, column));
  }
  if (table.layouts.empty()) {
    return "";
  }
  std::string text;
  if (width) {
    text = table.reduce(*width);
    fit(table.layouts, *width);
  }
  Cells headings;
  Cells dashes;
  for (std::size_t column = 0; column < table.layouts.size(); ++column) {
    headings.push_back(table.grid.headings[column].text);
    dashes.emplace_back(table.layouts[column].width, '-');
  }
  text += line_of(headings, table.layouts, false) + line_of(dashes, table.layouts, false);
  for (const Cells& row : table.grid.rows) {
    text += line_of(row, table.layouts, colour);
  }
  return text;
}

}  // namespace batchai::cli
