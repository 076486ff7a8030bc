#include "batchai/core/http.hpp"
#include "cli/output/human_text.hpp"
#include "cli/output/items.hpp"
#include "cli/output/printer.hpp"
#include "cli/output/table_layout.hpp"
#include "core/parse_number.hpp"
#include "core/printable.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace batchai::cli {
namespace {

using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

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
bool is_member_shown(const std::string& name, const Json& value) {
  return !value.is_null() && !value.is_structured() && name != "id" && name != "type" && name != "etag";
}

std::string age_cell(const std::string& text, const PrintOptions& options) {
  const auto time = parse_iso8601(text);
  return time && options.width ? age_text(*time, options.now) : text;
}

std::string length_cell(const std::string& text, const PrintOptions& options) {
  const std::size_t slash = text.find('/');
  const auto begin = parse_iso8601(text.substr(0, slash));
  if (!begin || slash == std::string::npos) {
    return "";
  }
  const Duration length =
      std::max(parse_iso8601(text.substr(slash + 1)).value_or(options.now) - *begin, Duration::zero());
  return options.width ? length_text(length) : format_iso8601_duration(length);
}

std::string size_cell(const std::string& text, const PrintOptions& options) {
  const auto bytes = parse_number<std::uint64_t>(text);
  return bytes && options.width ? short_size_text(*bytes) : text;
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

std::string Table::shown_cell(const Column& column, const nlohmann::json& item) const {
  std::string text = column.cell(item);
  switch (column.kind) {
    case ColumnKind::Moment:
      return age_cell(text, options_);
    case ColumnKind::Interval:
      return length_cell(text, options_);
    case ColumnKind::Size:
      return size_cell(text, options_);
    case ColumnKind::State:
    case ColumnKind::Text:
      break;
  }
  return text;
}

void Table::add_described(const Json& item) {
  const nlohmann::json document = item;
  Row row;
  shown_.resize(options_.columns.size());
  for (const Column& column : options_.columns) {
    row.push_back(harmless(shown_cell(column, document)));
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
      put(heading_of(name), value, is_member_shown(name, value));
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
  if (options_.columns.empty()) {
    add_generic(item);
  } else {
    add_described(item);
  }
}

bool Table::is_shown(std::size_t column) const {
  if (!shown_[column] || options_.columns.empty() || options_.is_wide()) {
    return shown_[column];
  }
  const std::string known = column < options_.known.size() ? options_.known[column] : std::string();
  const bool repeated = !known.empty() && std::all_of(rows_.begin(), rows_.end(),
                                                      [&](const Row& row) { return iequals(row[column], known); });
  return !options_.columns[column].wide && !repeated;
}

std::string Table::text() const {
  Grid grid;
  grid.rows.resize(rows_.size());
  for (std::size_t column = 0; column < shown_.size(); ++column) {
    if (!is_shown(column)) {
      continue;
    }
    if (options_.columns.empty()) {
      grid.headings.push_back({.text = headings_[column]});
    } else {
      const Column& described = options_.columns[column];
      grid.headings.push_back({.text = std::string(described.heading),
                               .state = described.kind == ColumnKind::State,
                               .quantity = described.kind == ColumnKind::Size || described.kind == ColumnKind::Interval,
                               .whole = described.kind == ColumnKind::Moment});
    }
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      grid.rows[row].push_back(column < rows_[row].size() ? rows_[row][column] : std::string());
    }
  }
  return grid_text(grid, options_.is_wide() ? std::nullopt : options_.width, options_.colour);
}

std::string to_table(const Json& value, const PrintOptions& options) {
  if (value.is_null()) {
    return "";
  }
  const Json items = value.is_array() ? value : Json::array({value});
  PrintOptions fitting = options;
  if (std::any_of(items.begin(), items.end(), [](const Json& item) { return !item.is_object(); })) {
    fitting.columns = {};
  }
  Table table(fitting);
  for (const Json& item : items) {
    table.add(item);
  }
  return table.text();
}

}  // namespace batchai::cli
