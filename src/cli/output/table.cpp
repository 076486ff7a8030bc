#include "cli/output/items.hpp"
#include "cli/output/printer.hpp"
#include "cli/output/text_width.hpp"
#include "core/printable.hpp"

#include <algorithm>
#include <utility>

namespace batchai::cli {
namespace {

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

/// Ids, types and entity tags are left out, as az does.
bool is_shown(const std::string& name, const Json& value) {
  return !value.is_null() && !value.is_structured() && name != "id" && name != "type" && name != "etag";
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

std::size_t Table::place_of(const std::string& heading) {
  const auto found = std::find(headings_.begin(), headings_.end(), heading);
  const auto place = static_cast<std::size_t>(found - headings_.begin());
  if (found == headings_.end()) {
    headings_.push_back(heading);
    shown_.push_back(false);
  }
  return place;
}

void Table::add_described(const Json& item) {
  const nlohmann::json document = item;
  Row row;
  shown_.resize(columns_.size());
  for (const Column& column : columns_) {
    row.push_back(harmless(column.cell(document)));
    if (!column.only_if_known || !row.back().empty()) {
      shown_[row.size() - 1] = true;
    }
  }
  rows_.push_back(std::move(row));
}

/// The members of an object, the entries of a list, or the item itself.
void Table::add_generic(const Json& item) {
  Row row(headings_.size());
  const auto put = [&](const std::string& heading, const Json& value, bool shown) {
    const std::size_t place = place_of(heading);
    row.resize(headings_.size());
    if (shown) {
      shown_[place] = true;
      row[place] = harmless(cell_of(value));
    }
  };
  if (item.is_object()) {
    for (const auto& [name, value] : item.items()) {
      put(heading_of(name), value, is_shown(name, value));
    }
  } else if (item.is_array()) {
    for (std::size_t i = 0; i < item.size(); ++i) {
      put("Column" + std::to_string(i + 1), item[i], true);
    }
  } else {
    put("Result", item, true);
  }
  rows_.push_back(std::move(row));
}

void Table::add(const Json& item) {
  if (columns_.empty()) {
    add_generic(item);
  } else {
    add_described(item);
  }
}

std::string Table::text(std::optional<std::size_t> width) const {
  Grid grid;
  grid.rows.resize(rows_.size());
  for (std::size_t column = 0; column < shown_.size(); ++column) {
    if (!shown_[column]) {
      continue;
    }
    grid.headings.push_back(columns_.empty() ? headings_[column] : std::string(columns_[column].heading));
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      grid.rows[row].push_back(column < rows_[row].size() ? rows_[row][column] : std::string());
    }
  }
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

std::string to_table(const Json& value, std::span<const Column> columns, std::optional<std::size_t> width) {
  if (value.is_null()) {
    return "";
  }
  const Json items = value.is_array() ? value : Json::array({value});
  const bool fits = std::all_of(items.begin(), items.end(), [](const Json& item) { return item.is_object(); });
  Table table(fits ? columns : std::span<const Column>());
  for (const Json& item : items) {
    table.add(item);
  }
  return table.text(width);
}

}  // namespace batchai::cli
