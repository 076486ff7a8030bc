#include "cli/app/show_result.hpp"

#include "cli/app/page_reader.hpp"
#include "cli/output/printer.hpp"
#include "cli/output/shape.hpp"

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
  return showing.width && list && described && !by_ids ? "table" : "json";
}

bool show_result(const Result& result, const Showing& showing, const std::function<void()>& stop) {
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
