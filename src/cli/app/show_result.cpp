#include "cli/app/show_result.hpp"

#include "cli/app/page_reader.hpp"
#include "cli/output/printer.hpp"
#include "cli/output/shape.hpp"
#include "core/printable.hpp"

namespace batchai::cli {
namespace {

using nlohmann::json;
using Json = nlohmann::ordered_json;

/// A document, or a list of some, in the shape of az.
Json shaped(const json& value, std::string_view type, bool raw) {
  if (raw || type.empty()) {
    return value;
  }
  if (!value.is_array()) {
    return to_output_shape(value, type);
  }
  Json items = Json::array();
  for (const json& item : value) {
    items.push_back(to_output_shape(item, type));
  }
  return items;
}

Json found(Json value, const std::optional<Query>& query) { return query ? query->search(value) : std::move(value); }

/// Of each column the value of the option that it may only repeat.
std::vector<std::string> known_values(std::span<const Column> columns, const Arguments& arguments) {
  std::vector<std::string> known;
  for (const Column& column : columns) {
    known.push_back(column.repeats.empty() ? std::string() : arguments.get(column.repeats));
  }
  return known;
}

PrintOptions print_options(const Showing& showing) {
  const bool described = !showing.globals.raw && !showing.query;
  const auto columns = described ? showing.command.columns : std::span<const Column>();
  return {.format = showing.globals.output,
          .columns = columns,
          .colour = showing.coloured != nullptr,
          .width = showing.width,
          .known = known_values(columns, showing.arguments),
          .now = showing.now};
}

std::ostream& stream_of(const Showing& showing, const PrintOptions& options) {
  return is_painted(options) ? *showing.coloured : showing.out;
}

bool show_value(const json& value, std::string_view type, const Showing& showing) {
  if (!value.is_discarded()) {
    const PrintOptions options = print_options(showing);
    print_result(stream_of(showing, options), found(shaped(value, type, showing.globals.raw), showing.query), options);
  }
  return !value.is_array() || !value.empty();
}

bool shows_sections(const Result& result, const Showing& showing) {
  return !result.sections.empty() && !showing.query && !showing.globals.raw;
}

bool show_sections(const Result& result, const Showing& showing) {
  PrintOptions options = print_options(showing);
  options.known = {};
  std::ostream& out = stream_of(showing, options);
  std::string separator;
  for (const ResultSection& section : result.sections) {
    out << separator << printable_line(section.heading) << "\n";
    separator = "\n";
    if (section.list != nullptr) {
      options.columns = section.columns;
      const json& list = result.value.at(json::json_pointer(section.list));
      if (!list.empty()) {
        print_result(out, list, options);
      }
    }
  }
  return true;
}

bool show_pages(PageReader& pages, std::string_view type, const Showing& showing) {
  const PrintOptions options = print_options(showing);
  std::ostream& out = stream_of(showing, options);
  ListPrinter printer(out, options);
  try {
    while (const std::optional<json> items = pages.next()) {
      for (const json& item : *items) {
        printer.add(found(Json::array({shaped(item, type, showing.globals.raw)}), showing.query));
      }
      out.flush();
    }
  } catch (...) {
    printer.break_off();
    throw;
  }
  printer.finish();
  return !printer.empty();
}

}  // namespace

std::string format_for(const Result& result, const Showing& showing) {
  const bool list = result.pages || result.value.is_array();
  const bool described = !showing.command.columns.empty() && !showing.query && !showing.globals.raw;
  const bool by_ids = showing.arguments.given("ids");
  const bool tabular = (list && described && !by_ids) || shows_sections(result, showing);
  return showing.width && tabular ? "table" : "json";
}

bool show_result(const Result& result, const Showing& showing, const std::function<void()>& stop) {
  if (shows_sections(result, showing) && print_options(showing).is_table()) {
    return show_sections(result, showing);
  }
  if (!result.pages) {
    return show_value(result.value, result.type, showing);
  }
  if (showing.query && !showing.query->works_item_by_item()) {
    return show_value(collected(result).value, result.type, showing);
  }
  PageReader pages(result.pages, stop);
  return show_pages(pages, result.type, showing);
}

}  // namespace batchai::cli
