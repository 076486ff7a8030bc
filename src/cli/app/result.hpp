#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace batchai::cli {

/// The result of a command, which is printed, and its exit code.
struct Result {
  /// Discarded: nothing is printed.
  nlohmann::json value = nlohmann::json(nlohmann::json::value_t::discarded);
  /// Name of the service's type for output in the shape of az; empty: printed as it is.
  std::string_view type = {};
  int exit_code = 0;
  /// The wait for what was asked for; null: there is none. Of several calls all are made before the first wait.
  std::function<void()> wait = {};

  static Result nothing(int exit_code = 0) { return {.exit_code = exit_code}; }
  static Result plain(nlohmann::json value) { return {.value = std::move(value)}; }
  /// A model of the library, or a list of them.
  template <class T>
  static Result model(const T& value, std::string_view type) {
    return {.value = nlohmann::json(value), .type = type};
  }
  /// Fetches all pages.
  template <class T>
  static Result list(T pages, std::string_view type) {
    nlohmann::json items = nlohmann::json::array();
    for (const auto& item : pages) {
      items.push_back(nlohmann::json(item));
    }
    return {.value = std::move(items), .type = type};
  }
};

}  // namespace batchai::cli
