#pragma once

#include "cli/app/item_pages.hpp"
#include "cli/frame/command.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace batchai::cli {

/// A part of a result's value as a table shows it.
struct ResultSection {
  std::string heading;
  /// JSON pointer to the list; null: there is only the heading.
  const char* list = nullptr;
  std::span<const Column> columns = {};
};

/// The result of a command, which is printed, and its exit code.
struct Result {
  /// Discarded: nothing is printed.
  nlohmann::json value = nlohmann::json(nlohmann::json::value_t::discarded);
  /// Name of the service's type for output in the shape of az; empty: printed as it is.
  std::string_view type = {};
  int exit_code = 0;
  /// The wait for what was asked for; null: there is none. Of several calls all are made before the first wait.
  std::function<void()> wait = {};

  /// The items of a list that is fetched when it is shown, in place of `value`; null: there is only `value`.
  FetchPage pages = {};

  /// What takes the place of one table of `value`; empty: nothing does. A terminal gets these unless a format is
  /// chosen.
  std::vector<ResultSection> sections = {};

  static Result nothing(int exit_code = 0) { return {.exit_code = exit_code}; }
  static Result plain(nlohmann::json value) { return {.value = std::move(value)}; }
  /// A model of the library, or a list of them.
  template <class T>
  static Result model(const T& value, std::string_view type) {
    return {.value = nlohmann::json(value), .type = type};
  }
  /// Models of the library.
  template <class T>
  static Result list(Pageable<T> list, std::string_view type) {
    return {.type = type, .pages = fetch_pages(std::move(list), [](const T& item) { return nlohmann::json(item); })};
  }
};

/// The result with all of its pages in `value`. Throws what fetching throws.
Result collected(Result result);

}  // namespace batchai::cli
