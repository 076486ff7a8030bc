#include "cli/output/printer.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

using nlohmann::json;
using Row = std::vector<std::string>;

struct Grid {
  Row headings;
  std::vector<Row> rows;
};

/// Characters, not bytes: continuation bytes of UTF-8 take no column.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0U) != 0x80U; }));
}

bool is_numeric(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789.-+") == std::string::npos &&
         text.find_first_of("0123456789") != std::string::npos && std::count(text.begin(), text.end(), '.') < 2 &&
         text.find('-', 1) == std::string::npos;
}

/// `provisioningState` as `ProvisioningState`.
std::string heading_of(const std::string& member) {
  std::string heading = member;
  if (!heading.empty() && heading.front() >= 'a' && heading.front() <= 'z') {
    heading.front() = static_cast<char>(heading.front() - 'a' + 'A');
  }
  return heading;
}

std::string cell_of(const json& value) {
  if (value.is_null()) {
    return "";
  }
  if (value.is_boolean()) {
    return value.get<bool>() ? "True" : "False";
  }
  std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

Grid described(const json& items, std::span<const Column> columns) {
  Grid grid;
  for (const Column& column : columns) {
    grid.headings.emplace_back(column.heading);
  }
  for (const json& item : items) {
    Row row;
    for (const Column& column : columns) {
      row.push_back(column.cell(item));
    }
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

/// An item of a generic table; what is no object shows in one column.
json as_object(const json& item) { return item.is_object() ? item : json::object({{"Result", item}}); }

/// Ids and types are left out, as az does.
bool is_shown(const std::string& name, const json& value) {
  return !value.is_null() && !value.is_structured() && name != "id" && name != "type";
}

/// The scalar members that any item has a value for.
Grid generic(const json& items) {
  Row members;
  for (const json& item : items) {
    const json object = as_object(item);
    for (const auto& [name, value] : object.items()) {
      if (is_shown(name, value) && std::find(members.begin(), members.end(), name) == members.end()) {
        members.push_back(name);
      }
    }
  }
  std::sort(members.begin(), members.end());
  Grid grid;
  std::transform(members.begin(), members.end(), std::back_inserter(grid.headings), heading_of);
  for (const json& item : items) {
    const json object = as_object(item);
    Row row;
    for (const std::string& name : members) {
      row.push_back(cell_of(object.value(name, json())));
    }
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

std::string padded(const std::string& cell, std::size_t width, bool right) {
  const std::string blanks(width - std::min(width, width_of(cell)), ' ');
  return right ? blanks + cell : cell + blanks;
}

std::string line_of(const Row& cells, const std::vector<std::size_t>& widths, const std::vector<bool>& right) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += (i == 0 ? "" : "  ") + padded(cells[i], widths[i], right[i]);
  }
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

std::string render(const Grid& grid) {
  std::vector<std::size_t> widths;
  std::vector<bool> right;
  Row dashes;
  for (std::size_t i = 0; i < grid.headings.size(); ++i) {
    std::size_t width = width_of(grid.headings[i]);
    bool numeric = false;
    bool other = false;
    for (const Row& row : grid.rows) {
      width = std::max(width, width_of(row[i]));
      numeric = numeric || is_numeric(row[i]);
      other = other || (!is_numeric(row[i]) && row[i].find_first_not_of(' ') != std::string::npos);
    }
    widths.push_back(width);
    right.push_back(numeric && !other);
    dashes.emplace_back(width, '-');
  }
  std::string text = line_of(grid.headings, widths, right) + line_of(dashes, widths, right);
  for (const Row& row : grid.rows) {
    text += line_of(row, widths, right);
  }
  return text;
}

}  // namespace

std::string to_table(const json& value, std::span<const Column> columns) {
  const json items = value.is_array() ? value : json::array({value});
  if (items.empty()) {
    return "";
  }
  const bool fits = !columns.empty() && std::all_of(items.begin(), items.end(), [](auto& i) { return i.is_object(); });
  const Grid grid = fits ? described(items, columns) : generic(items);
  return grid.headings.empty() ? "" : render(grid);
}

}  // namespace batchai::cli
