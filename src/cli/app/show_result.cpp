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

PrintOptions print_options(const Showing& showing) {
  const bool described = !showing.globals.raw && !showing.query;
  return {.format = showing.globals.output,
          .columns = described ? showing.command.columns : std::span<const Column>(),
          .colour = showing.coloured != nullptr,
          .width = showing.width};
}

std::ostream& stream_of(const Showing& showing, const PrintOptions& options) {
  return is_painted(options) ? *showing.coloured : showing.out;
}

void show_value(const json& value, std::string_view type, const Showing& showing) {
  if (!value.is_discarded()) {
    const PrintOptions options = print_options(showing);
    print_result(stream_of(showing, options), found(shaped(value, type, showing.globals.raw), showing.query), options);
  }
}

void show_pages(PageReader& pages, std::string_view type, const Showing& showing) {
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
}

}  // namespace

void show_result(const Result& result, const Showing& showing, const std::function<void()>& stop) {
  if (!result.pages) {
    show_value(result.value, result.type, showing);
  } else if (showing.query && !showing.query->works_item_by_item()) {
    show_value(collected(result).value, result.type, showing);
  } else {
    PageReader pages(result.pages, stop);
    show_pages(pages, result.type, showing);
  }
}

}  // namespace batchai::cli
