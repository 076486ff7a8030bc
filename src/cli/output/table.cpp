#include "cli/output/printer.hpp"
#include "cli/output/text_width.hpp"
#include "core/printable.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

using nlohmann::json;
using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

struct Grid {
  Row headings;
  std::vector<Row> rows;
};

bool is_numeric(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789.-+") == std::string::npos &&
         text.find_first_of("0123456789") != std::string::npos && std::count(text.begin(), text.end(), '.') < 2 &&
         text.find('-', 1) == std::string::npos;
}

/// What would break a line is shown as a blank, what controls a terminal as an escape.
std::string harmless(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return printable(text);
}

/// `provisioningState` as `ProvisioningState`.
std::string heading_of(const std::string& member) {
  std::string heading = member;
  if (!heading.empty() && heading.front() >= 'a' && heading.front() <= 'z') {
    heading.front() = static_cast<char>(heading.front() - 'a' + 'A');
  }
  return harmless(heading);
}

std::string cell_of(const Json& value) {
  if (value.is_null()) {
    return "";
  }
  if (value.is_boolean()) {
    return value.get<bool>() ? "True" : "False";
  }
  return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Those that every table of the kind has, and those that some item has something for.
std::vector<Column> shown_columns(const Json& items, std::span<const Column> columns) {
  std::vector<Column> shown;
  std::copy_if(columns.begin(), columns.end(), std::back_inserter(shown), [&](const Column& column) {
    return !column.only_if_known ||
           std::any_of(items.begin(), items.end(), [&](const json& item) { return !column.cell(item).empty(); });
  });
  return shown;
}

Grid described(const Json& items, std::span<const Column> all_columns) {
  const std::vector<Column> columns = shown_columns(items, all_columns);
  Grid grid;
  for (const Column& column : columns) {
    grid.headings.emplace_back(column.heading);
  }
  for (const Json& entry : items) {
    const json item = entry;
    Row row;
    for (const Column& column : columns) {
      row.push_back(harmless(column.cell(item)));
    }
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

/// Ids, types and entity tags are left out, as az does.
bool is_shown(const std::string& name, const Json& value) {
  return !value.is_null() && !value.is_structured() && name != "id" && name != "type" && name != "etag";
}

struct Cell {
  std::string heading;
  Json value;
  /// Whether it makes a column; one that does not leaves the column that another item makes empty.
  bool shown = true;
};

/// An item of a generic table: the members of an object, the entries of a list, or the item itself.
std::vector<Cell> cells_of(const Json& item) {
  std::vector<Cell> cells;
  if (item.is_object()) {
    for (const auto& [name, value] : item.items()) {
      cells.push_back({heading_of(name), value, is_shown(name, value)});
    }
  } else if (item.is_array()) {
    for (const Json& value : item) {
      cells.push_back({"Column" + std::to_string(cells.size() + 1), value});
    }
  } else {
    cells.push_back({"Result", item});
  }
  return cells;
}

/// The headings of all columns, in the order in which the items first have them.
Row headings_of(const std::vector<std::vector<Cell>>& rows) {
  Row headings;
  std::set<std::string> shown;
  for (const std::vector<Cell>& row : rows) {
    for (const Cell& cell : row) {
      if (std::find(headings.begin(), headings.end(), cell.heading) == headings.end()) {
        headings.push_back(cell.heading);
      }
      if (cell.shown) {
        shown.insert(cell.heading);
      }
    }
  }
  std::erase_if(headings, [&](const std::string& heading) { return !shown.contains(heading); });
  return headings;
}

Grid generic(const Json& items) {
  std::vector<std::vector<Cell>> rows;
  for (const Json& item : items) {
    rows.push_back(cells_of(item));
  }
  Grid grid{.headings = headings_of(rows), .rows = {}};
  for (const std::vector<Cell>& cells : rows) {
    Row row(grid.headings.size());
    for (const Cell& cell : cells) {
      const auto found = std::find(grid.headings.begin(), grid.headings.end(), cell.heading);
      if (cell.shown) {
        row[static_cast<std::size_t>(found - grid.headings.begin())] = harmless(cell_of(cell.value));
      }
    }
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

/// How a column is laid out.
struct Layout {
  std::size_t width = 0;
  /// What its cells need; the heading may need more.
  std::size_t content = 0;
  /// What has to be left of it where the table is too wide.
  std::size_t narrowest = 0;
  /// All its cells are numbers: they are aligned right.
  bool numeric = false;
};

Layout lay_out(const Grid& grid, std::size_t column) {
  constexpr std::size_t kNarrowestText = 4;
  std::size_t widest = 0;
  bool numeric = false;
  bool other = false;
  for (const Row& row : grid.rows) {
    const std::string& cell = row[column];
    widest = std::max(widest, width_of(cell));
    numeric = numeric || is_numeric(cell);
    other = other || (!is_numeric(cell) && cell.find_first_not_of(' ') != std::string::npos);
  }
  numeric = numeric && !other;
  // A number without its end would be another number.
  return {.width = std::max(widest, width_of(grid.headings[column])),
          .content = std::max(widest, kNarrowestText),
          .narrowest = numeric ? std::max(widest, kNarrowestText) : kNarrowestText,
          .numeric = numeric};
}

/// Shrinks the widest of the columns that are wider than `least` until the table fits, or nothing can be shrunk any
/// more.
void shrink(std::vector<Layout>& layouts, std::size_t width, std::size_t Layout::*least) {
  std::size_t total = 2 * (layouts.size() - 1);
  for (const Layout& layout : layouts) {
    total += layout.width;
  }
  const auto spare = [&](const Layout& layout) { return layout.width > layout.*least ? layout.width : 0; };
  for (; total > width; --total) {
    const auto widest = std::max_element(layouts.begin(), layouts.end(),
                                         [&](const Layout& a, const Layout& b) { return spare(a) < spare(b); });
    if (spare(*widest) == 0) {
      return;
    }
    --widest->width;
  }
}

/// Headings are cut before the cells below them.
void fit(std::vector<Layout>& layouts, std::size_t width) {
  shrink(layouts, width, &Layout::content);
  shrink(layouts, width, &Layout::narrowest);
}

std::string padded(const std::string& cell, const Layout& layout) {
  const std::string text = shortened(cell, layout.width);
  const std::string blanks(layout.width - width_of(text), ' ');
  return layout.numeric ? blanks + text : text + blanks;
}

std::string line_of(const Row& cells, const std::vector<Layout>& layouts) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += (i == 0 ? "" : "  ") + padded(cells[i], layouts[i]);
  }
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

std::string render(const Grid& grid, const std::vector<Layout>& layouts) {
  Row dashes;
  for (const Layout& layout : layouts) {
    dashes.emplace_back(layout.width, '-');
  }
  std::string text = line_of(grid.headings, layouts) + line_of(dashes, layouts);
  for (const Row& row : grid.rows) {
    text += line_of(row, layouts);
  }
  return text;
}

}  // namespace

std::string to_table(const Json& value, std::span<const Column> columns, std::optional<std::size_t> width) {
  const Json items = value.is_array() ? value : Json::array({value});
  if (value.is_null() || items.empty()) {
    return "";
  }
  const bool fits = !columns.empty() && std::all_of(items.begin(), items.end(), [](auto& i) { return i.is_object(); });
  const Grid grid = fits ? described(items, columns) : generic(items);
  if (grid.headings.empty()) {
    return "";
  }
  std::vector<Layout> layouts;
  for (std::size_t column = 0; column < grid.headings.size(); ++column) {
    layouts.push_back(lay_out(grid, column));
  }
  if (width) {
    fit(layouts, *width);
  }
  return render(grid, layouts);
}

}  // namespace batchai::cli
